/**
 * What somebody can do who owns the database, knows all of Locksmith's code, and does not have its key. Each works in a
 * transaction, triggers off, and says where the first thing is that is not as it was.
 */
import type pg from 'pg'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import { type Entry, entryText } from '../../src/audit/entry.ts'
import { readLeaves } from '../../src/audit/log.sql.ts'
import { generateSigningKey, parseSigningKey, signCheckpoint } from '../../src/audit/note.ts'
import { sealWithin } from '../../src/audit/seal.ts'
import { GrowingTree, hashLeaf } from '../../src/audit/tree.ts'
import type { FindingKind } from '../../src/audit/verify.ts'
import type { Random } from '../faults/harness/random.ts'
import { testKeys } from '../support/audit-keys.ts'
import { anEvent } from './log.ts'

type Tx = pg.PoolClient

/** @property index the first leaf that is not as it was; null: it is in no leaf @property kinds what it may be called */
export type Tampered = { index: number | null; kinds: FindingKind[] }

export type Tampering = (tx: Tx, random: Random) => Promise<Tampered>

const thief = parseSigningKey(generateSigningKey('locksmith.example.org/audit'))!

const sizeOf = async (tx: Tx) =>
  (await tx.query<{ size: number }>('SELECT size FROM audit_tree')).rows[0]!.size

async function leafAt(tx: Tx, index: number) {
  const [row] = await readLeaves(tx, 1, { after: index - 1 })
  return { ...row!, entry: row!.entry as Entry }
}

async function aLeaf(tx: Tx, random: Random, after = 0) {
  return leafAt(tx, after + random.below((await sizeOf(tx)) - after))
}

/** Writes the hashes anew, from a leaf on, as Locksmith would: all but what takes the key. */
async function rebuild(tx: Tx, from: number, sign: boolean) {
  const leaves = await readLeaves(tx, 100_000, { after: -1 })
  const tree = new GrowingTree()
  const nodes: [number, number, Buffer][] = []
  const changed: { index: number; hash: Buffer }[] = []
  for (const { index, hash, entry } of leaves) {
    const was = Buffer.from(hash, 'hex')
    const own = index >= from && entry ? hashLeaf(entryText(entry)) : was
    if (!own.equals(was)) changed.push({ index, hash: own })
    tree.append(own, (node, whole) => {
      if (node.level > 0 && node.level % 8 === 0) nodes.push([node.level, node.index, whole])
    })
  }
  await tx.query(
    'UPDATE audit_leaf l SET hash = c.hash FROM unnest($1::bigint[], $2::bytea[]) AS c(index, hash) WHERE c.index = l.index',
    [changed.map(({ index }) => index), changed.map(({ hash }) => hash)]
  )
  await tx.query('DELETE FROM audit_node')
  for (const node of nodes) await tx.query('INSERT INTO audit_node VALUES ($1, $2, $3)', node)
  const { size, root, frontier } = tree
  const note = signCheckpoint({ origin: thief.name, size, root }, [thief])
  await tx.query(
    `UPDATE audit_tree SET size = $1, frontier = $2, checkpoint = CASE WHEN $4 THEN $3 ELSE checkpoint END`,
    [size, Buffer.concat(frontier), note, sign]
  )
}

/** One member of an event, in each place where there is one. */
const edits: Record<string, string> = {
  action: `UPDATE audit_event SET action = 'step.failed' WHERE seq = $1`,
  actor: `UPDATE audit_event SET actor = 'key:somebodyelse' WHERE seq = $1`,
  at: `UPDATE audit_event SET at = at + interval '1 microsecond' WHERE seq = $1`,
  request: `UPDATE audit_event SET request_id = coalesce(request_id, '') || 'x' WHERE seq = $1`,
  operation: `UPDATE audit_event SET operation_id = gen_random_uuid() WHERE seq = $1`,
  details: `UPDATE audit_event SET details = details || '{"attempt": 7}' WHERE seq = $1`,
  digits: `UPDATE audit_event SET details = details || '{"attempt": 1.00000000000000000000001}' WHERE seq = $1`,
  version: `UPDATE audit_event SET version = 2 WHERE seq = $1`,
  commitment: `UPDATE audit_event SET personal = sha256(personal) WHERE seq = $1`,
  user: `UPDATE audit_personal SET user_id = 'mallory', place = 'mallory' WHERE seq = $1`,
  address: `UPDATE audit_personal SET source_address = '192.0.2.66' WHERE seq = $1`,
  reason: `UPDATE audit_personal SET details = coalesce(details, '{}') || '{"reason": "another"}' WHERE seq = $1`,
  salt: `UPDATE audit_personal SET salt = sha256(salt) WHERE seq = $1`,
  place: `UPDATE audit_personal SET place = coalesce(place, '') || '-hidden' WHERE seq = $1`,
  person: `UPDATE audit_personal SET salt = NULL, user_id = 'erased-0', place = 'erased-0' WHERE seq = $1`,
  hash: `UPDATE audit_leaf SET hash = sha256(hash) WHERE seq = $1`,
  mark: `UPDATE audit_leaf SET mac = substr(sha256(mac), 1, 16) WHERE seq = $1`
}

const edited =
  (statement: string): Tampering =>
  async (tx, random) => {
    const { index, seq } = await aLeaf(tx, random)
    await tx.query(statement, [seq])
    return { index, kinds: ['edited', 'missing', 'malformed', 'rewritten', 'unaccounted'] }
  }

/** An edit, and every hash above it made to fit. */
const editedThoroughly =
  (sign: boolean): Tampering =>
  async (tx, random) => {
    const { index, seq } = await aLeaf(tx, random)
    const name = random.pick(['action', 'actor', 'at', 'request', 'details', 'operation'])
    await tx.query(edits[name]!, [seq])
    await rebuild(tx, index, sign)
    return { index, kinds: ['rewritten'] }
  }

const shift = (tx: Tx, from: number, by: number) =>
  // In two steps: no two leaves are ever in one place.
  tx
    .query('UPDATE audit_leaf SET index = -index - $2 WHERE index >= $1', [from, by])
    .then(() => tx.query('UPDATE audit_leaf SET index = -index WHERE index < 0'))

const forge = async (tx: Tx, like: number) => {
  const { rows } = await tx.query<{ seq: number }>(
    `WITH e AS (INSERT INTO audit_event (seq, version, at, action, actor, operation_id, campaign_id, request_id, details, personal, mac)
                SELECT nextval('audit_seq'), version, at, action, actor, gen_random_uuid(), campaign_id, request_id, details, personal, mac
                  FROM audit_event WHERE seq = $1 RETURNING seq),
          p AS (INSERT INTO audit_personal SELECT e.seq, p.salt, p.actor, p.user_id, p.place, p.source_address, p.details
                  FROM audit_personal p, e WHERE p.seq = $1)
     SELECT seq FROM e`,
    [like]
  )
  return rows[0]!.seq
}

const swapSeqs = async (tx: Tx, table: string, a: number, b: number) => {
  await tx.query(
    `UPDATE ${table} SET seq = CASE seq WHEN $1 THEN -$2::bigint ELSE -$1::bigint END WHERE seq IN ($1, $2)`,
    [a, b]
  )
  await tx.query(`UPDATE ${table} SET seq = -seq WHERE seq < 0`)
}

const two = async (tx: Tx, random: Random) => {
  const [a, b] = [await aLeaf(tx, random), await aLeaf(tx, random)]
  if (a.index === b.index) return two(tx, random)
  return a.index < b.index ? ([a, b] as const) : ([b, a] as const)
}

const cut = async (tx: Tx, at: number) => {
  for (const table of ['audit_event', 'audit_personal'])
    await tx.query(`DELETE FROM ${table} WHERE seq IN (SELECT seq FROM audit_leaf WHERE index >= $1)`, [at])
  await tx.query('DELETE FROM audit_leaf WHERE index >= $1', [at])
}

export const tamperings: Record<string, Tampering> = {
  ...Object.fromEntries(
    Object.entries(edits).map(([name, statement]) => [`edit: ${name}`, edited(statement)])
  ),
  'edit: all hashes made to fit': editedThoroughly(false),
  'edit: all hashes made to fit, signed by another': editedThoroughly(true),
  'edit: the head': async (tx) => {
    await tx.query(`UPDATE audit_tree SET checkpoint = replace(checkpoint, '=', '')`)
    return { index: null, kinds: ['signature'] }
  },
  'deletion: of an event': async (tx, random) => {
    const { index, seq } = await aLeaf(tx, random)
    await tx.query('DELETE FROM audit_event WHERE seq = $1', [seq])
    return { index, kinds: ['missing'] }
  },
  'deletion: of what is personal': async (tx, random) => {
    const { index, seq } = await aLeaf(tx, random)
    await tx.query('DELETE FROM audit_personal WHERE seq = $1', [seq])
    return { index, kinds: ['missing', 'edited'] }
  },
  'deletion: of a leaf': async (tx, random) => {
    const { index } = await leafAt(tx, random.below((await sizeOf(tx)) - 1))
    await tx.query('DELETE FROM audit_leaf WHERE index = $1', [index])
    return { index, kinds: ['missing'] }
  },
  'deletion: of everything of an event, the others closed up': async (tx, random) => {
    const { index, seq } = await leafAt(tx, random.below((await sizeOf(tx)) - 1))
    for (const table of ['audit_event', 'audit_personal', 'audit_leaf'])
      await tx.query(`DELETE FROM ${table} WHERE seq = $1`, [seq])
    await shift(tx, index + 1, -1)
    if (random.below(2) === 0) await rebuild(tx, index, random.below(2) === 0)
    return { index, kinds: ['rewritten', 'truncated', 'edited'] }
  },
  'insertion: beside the tree': async (tx, random) => {
    await forge(tx, (await aLeaf(tx, random)).seq)
    return { index: null, kinds: ['inserted'] }
  },
  'insertion: a second row of the same number': async (tx, random) => {
    const { seq } = await aLeaf(tx, random)
    // Which of the two is read first, and so verified, is PostgreSQL's choice.
    await tx.query('ALTER TABLE audit_event DROP CONSTRAINT audit_event_pkey CASCADE')
    await tx.query('CREATE TEMP TABLE second ON COMMIT DROP AS SELECT * FROM audit_event WHERE seq = $1', [
      seq
    ])
    await tx.query(`UPDATE second SET action = 'stop.lifted'`)
    await tx.query('INSERT INTO audit_event SELECT * FROM second')
    return { index: null, kinds: ['inserted', 'edited'] }
  },
  'insertion: a second person of the same event': async (tx, random) => {
    const { seq } = await aLeaf(tx, random)
    await tx.query('ALTER TABLE audit_personal DROP CONSTRAINT audit_personal_pkey CASCADE')
    await tx.query(
      `INSERT INTO audit_personal (seq, salt, user_id, place) SELECT seq, salt, 'Somebody', 'somebody' FROM audit_personal WHERE seq = $1`,
      [seq]
    )
    return { index: null, kinds: ['inserted', 'edited'] }
  },
  'insertion: a second leaf in the same place': async (tx, random) => {
    const { index, seq } = await aLeaf(tx, random)
    await tx.query('ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_pkey')
    await tx.query('ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_seq_key')
    await tx.query('INSERT INTO audit_leaf SELECT index, $2, hash, mac FROM audit_leaf WHERE index = $1', [
      index,
      seq
    ])
    return { index: null, kinds: ['inserted', 'edited'] }
  },
  'insertion: waiting to be sealed, not ours': async (tx, random) => {
    const seq = await forge(tx, (await aLeaf(tx, random)).seq)
    await tx.query('INSERT INTO audit_tail (seq, refused) VALUES ($1, true)', [seq])
    return { index: null, kinds: ['inserted'] }
  },
  'insertion: at the end': async (tx, random) => {
    const size = await sizeOf(tx)
    const seq = await forge(tx, (await aLeaf(tx, random)).seq)
    await tx.query(`INSERT INTO audit_leaf VALUES ($1, $2, sha256('x'), substr(sha256('y'), 1, 16))`, [
      size,
      seq
    ])
    if (random.below(2) === 0) await rebuild(tx, size, random.below(2) === 0)
    return { index: size, kinds: ['inserted', 'rewritten', 'edited'] }
  },
  'insertion: between two, the others moved up': async (tx, random) => {
    const { index } = await aLeaf(tx, random)
    const seq = await forge(tx, (await aLeaf(tx, random)).seq)
    await shift(tx, index, 1)
    await tx.query(`INSERT INTO audit_leaf VALUES ($1, $2, sha256('x'), substr(sha256('y'), 1, 16))`, [
      index,
      seq
    ])
    await rebuild(tx, index, random.below(2) === 0)
    return { index, kinds: ['rewritten', 'edited', 'inserted'] }
  },
  'reordering: two events change numbers': async (tx, random) => {
    const [a, b] = await two(tx, random)
    await swapSeqs(tx, 'audit_event', a.seq, b.seq)
    await swapSeqs(tx, 'audit_personal', a.seq, b.seq)
    return { index: a.index, kinds: ['reordered'] }
  },
  'reordering: two events change numbers, all hashes made to fit': async (tx, random) => {
    const [a, b] = await two(tx, random)
    await swapSeqs(tx, 'audit_event', a.seq, b.seq)
    await swapSeqs(tx, 'audit_personal', a.seq, b.seq)
    await rebuild(tx, 0, random.below(2) === 0)
    return { index: a.index, kinds: ['rewritten'] }
  },
  'reordering: two leaves change places': async (tx, random) => {
    const [a, b] = await two(tx, random)
    await swapSeqs(tx, 'audit_leaf', a.seq, b.seq)
    return { index: a.index, kinds: ['reordered', 'rewritten'] }
  },
  'truncation: of the last ones': async (tx, random) => {
    const at = 1 + random.below((await sizeOf(tx)) - 1)
    await cut(tx, at)
    if (random.below(2) === 0) await rebuild(tx, 0, random.below(2) === 0)
    return { index: at, kinds: ['truncated', 'rewritten', 'signature'] }
  },
  'truncation: to a head that was signed': async (tx, random) => {
    const size = await toSignedHead(tx, random)
    return { index: size, kinds: ['truncated'] }
  },
  'truncation, and regrowth by the service itself': async (tx, random) => {
    const before = await sizeOf(tx)
    const size = await toSignedHead(tx, random)
    for (let n = 1 + random.below(80); n > 0; n--) await appendAudit(tx, anEvent(random))
    await sealWithin(tx, testKeys, 0)
    const regrown = await sizeOf(tx)
    // Shorter than what is known outside it is cut off at its end; as long, it is another one from the cut on.
    return { index: regrown < before ? regrown : size, kinds: ['truncated', 'rewritten'] }
  },
  'a full rewrite': async (tx, random) => {
    await tx.query(`UPDATE audit_event SET at = at + interval '1 second'`)
    await rebuild(tx, 0, random.below(2) === 0)
    return { index: 0, kinds: ['rewritten'] }
  },
  'a hash above the leaves': async (tx) => {
    const { rows } = await tx.query<{ index: number }>(
      'UPDATE audit_node SET hash = sha256(hash) WHERE index = 0 RETURNING index'
    )
    return { index: rows.length > 0 ? 0 : Number.NaN, kinds: ['edited'] }
  }
}

/** Cuts the log off where a checkpoint left the house, and puts that back as its head: what a backup would do. */
export async function toSignedHead(tx: Tx, random: Random): Promise<number> {
  const { rows } = await tx.query<{ size: number; note: string }>(
    'SELECT size, note FROM audit_checkpoint WHERE size < (SELECT size FROM audit_tree) AND size > 0'
  )
  const { size, note } = random.pick(rows)
  await cut(tx, size)
  await tx.query('DELETE FROM audit_checkpoint WHERE size > $1', [size])
  await tx.query('DELETE FROM audit_node WHERE (index + 1) * power(2, level) > $1', [size])
  const tree = new GrowingTree()
  for (const { hash } of await readLeaves(tx, 100_000, { after: -1 })) tree.append(Buffer.from(hash, 'hex'))
  await tx.query('UPDATE audit_tree SET size = $1, frontier = $2, checkpoint = $3', [
    size,
    Buffer.concat(tree.frontier),
    note
  ])
  return size
}
