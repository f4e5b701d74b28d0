import type { Db } from '../db/pool.ts'
import { type AuditFilter, conditionsOf, rowOf } from './audit.sql.ts'
import type { Entry, Personal } from './entry.ts'
import { columnsBeside, entryColumns } from './seal.sql.ts'
import { numbersEnd } from './tree.ts'

export type LogHead = {
  size: number
  pruned: number
  /** Of the pruned leaves. */
  frontier: Buffer
  checkpoint: string | null
  now: Date
}

export async function readLogHead(db: Db): Promise<LogHead> {
  const { rows } = await db.query<LogHead>(
    'SELECT size, pruned, pruned_frontier AS frontier, checkpoint, locksmith_now() AS now FROM audit_tree'
  )
  return rows[0]!
}

/** The checkpoints that left the house, of more than `pruned` leaves. */
export async function findCheckpoints(
  db: Db,
  pruned: number,
  size: number
): Promise<{ size: number; note: string }[]> {
  const { rows } = await db.query<{ size: number; note: string }>(
    'SELECT size, note FROM audit_checkpoint WHERE size >= $1 AND size <> $2 ORDER BY size',
    [pruned, size]
  )
  return rows
}

/** By seq the pseudonyms that stand in an event. */
export async function findErased(db: Db): Promise<Map<number, string[]>> {
  const { rows } = await db.query<{ seq: number; pseudonyms: string[] }>(
    'SELECT seq, array_agg(pseudonym ORDER BY pseudonym) AS pseudonyms FROM audit_erasure GROUP BY seq'
  )
  return new Map(rows.map(({ seq, pseudonyms }) => [seq, pseudonyms]))
}

export type LogRow = {
  index: number
  seq: number
  /** In hex, as the mark of the leaf. */
  hash: string
  leafMac: string
  entry: Entry | null
  salt: string | null
  personal: Personal | null
  place: string | null
  /** As PostgreSQL writes them, with every digit. */
  texts: (string | null)[]
}

type Row = {
  index: number
  leafSeq: number
  hash: string
  leafMac: string
  salt: string | null
  full_actor: string | null
  user_id: string | null
  place: string | null
  source_address: string | null
  personal_details: string | null
  details: string | null
  personalSeq: number | null
} & Omit<Entry, 'details'>

/** @property after, upTo leaves, the second one included @property withEvent only those whose event is there */
type Which = {
  after?: number | undefined
  /** Default: the last that there can be. */
  upTo?: number | undefined
  filter?: AuditFilter
  withEvent?: boolean
}

/**
 * The first so many leaves that are so, in their order, each with what is there of its event.
 */
export async function readLeaves(
  db: Db,
  most: number,
  { after, upTo = numbersEnd - 1, filter = {}, withEvent = false }: Which
): Promise<LogRow[]> {
  const { where, values } = conditionsOf(filter)
  const place = (value: unknown) => `$${values.push(value)}`
  where.push(`l.index > ${place(after)}`, `l.index <= ${place(upTo)}`)
  const { rows } = await db.query<Row>(
    `SELECT l.index, l.seq AS "leafSeq", encode(l.hash, 'hex') AS hash, encode(l.mac, 'hex') AS "leafMac",
            ${columnsBeside}, e.details::text AS details,
            p.seq AS "personalSeq", encode(p.salt, 'hex') AS salt, p.actor AS full_actor, p.user_id, p.place,
            p.source_address, p.details::text AS personal_details
       FROM audit_leaf l ${withEvent ? 'JOIN' : 'LEFT JOIN'} ${rowOf('audit_event e', 'l.seq', where)}
       LEFT JOIN ${rowOf('audit_personal p', 'l.seq', where)}
      WHERE ${where.join(' AND ')}
      ORDER BY l.index LIMIT ${place(most)}`,
    values
  )
  return rows.map(readRow)
}

/**
 * The last leaf of each so many of those that are there, however many there should be.
 * @param pruned the first so many are none of them
 */
export async function findPartEnds(db: Db, pruned: number, size: number): Promise<number[]> {
  const { rows } = await db.query<{ index: number }>(
    `SELECT index FROM (SELECT index, row_number() OVER (ORDER BY index) AS n
                          FROM audit_leaf WHERE index >= $1 AND index < ${numbersEnd}) numbered
      WHERE n % $2 = 0 ORDER BY index`,
    [pruned, size]
  )
  return rows.map(({ index }) => index)
}

function readRow(row: Row): LogRow {
  const { index, leafSeq, hash, leafMac, salt, place, details, personal_details } = row
  const { v, seq, at, action, actor, operationId, campaignId, requestId, personal } = row
  return {
    index,
    seq: leafSeq,
    hash,
    leafMac,
    salt,
    place,
    entry:
      details === null
        ? null
        : {
            v,
            seq,
            at,
            action,
            actor,
            operationId,
            campaignId,
            requestId,
            details: JSON.parse(details),
            personal
          },
    personal:
      row.personalSeq === null
        ? null
        : {
            ...(row.full_actor !== null && { actor: row.full_actor }),
            ...(row.user_id !== null && { userId: row.user_id }),
            ...(row.source_address !== null && { sourceAddress: row.source_address }),
            ...(personal_details !== null && { details: JSON.parse(personal_details) })
          },
    texts: [details, personal_details]
  }
}

/** The subtrees that are kept, by `level/index`. */
export async function findNodes(db: Db): Promise<Map<string, Buffer>> {
  const { rows } = await db.query<{ level: number; index: number; hash: Buffer }>(
    'SELECT level, index, hash FROM audit_node'
  )
  return new Map(rows.map(({ level, index, hash }) => [`${level}/${index}`, hash]))
}

/**
 * Whether there are just as many rows as belong to so many leaves and to what waits to be sealed. Where every leaf was found
 * to be right, and has an event of its own, that leaves none over for `findDoubles` and `findStrays`, which take ten times as long.
 * @param leaves all of the log: nothing was pruned
 */
export async function hasNoOthers(db: Db, leaves: number): Promise<boolean> {
  const { rows } = await db.query<{ hasNone: boolean }>(
    `WITH waiting AS (
       SELECT DISTINCT seq FROM audit_tail t
        WHERE seq < ${numbersEnd} AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.seq = t.seq))
     SELECT (SELECT count(*) FROM audit_leaf) = $1
        AND (SELECT count(*) FROM audit_event) =
            $1 + (SELECT count(*) FROM waiting w WHERE EXISTS (SELECT FROM audit_event e WHERE e.seq = w.seq))
        AND (SELECT count(*) FROM audit_personal) =
            $1 + (SELECT count(*) FROM waiting w WHERE EXISTS (SELECT FROM audit_personal p WHERE p.seq = w.seq))
        AS "hasNone"`,
    [leaves]
  )
  return rows[0]!.hasNone
}

/** Numbers that more than one row has: whoever owns the tables can make room for them, and only one of them is verified. */
export async function findDoubles(db: Db): Promise<number[]> {
  const { rows } = await db.query<{ seq: number }>(
    `SELECT seq FROM audit_event GROUP BY seq HAVING count(*) > 1
      UNION
     SELECT seq FROM audit_personal GROUP BY seq HAVING count(*) > 1
      UNION
     SELECT max(seq) AS seq FROM audit_leaf GROUP BY index HAVING count(*) > 1
      UNION
     SELECT seq FROM audit_leaf GROUP BY seq HAVING count(*) > 1
      ORDER BY seq LIMIT 100`
  )
  return rows.map(({ seq }) => seq)
}

/**
 * Events that are in neither the tree nor its tail, and whatever has a number that none of ours can have.
 * @param pruned so many leaves: some of them are kept, for what they hold together, and none has an event
 */
export async function findStrays(db: Db, pruned: number): Promise<number[]> {
  const { rows } = await db.query<{ seq: number }>(
    `SELECT e.seq FROM audit_event e
      WHERE e.seq >= ${numbersEnd}
         OR NOT EXISTS (SELECT FROM audit_leaf l WHERE l.seq = e.seq AND l.index >= $1) AND NOT EXISTS (SELECT FROM audit_tail t WHERE t.seq = e.seq)
      UNION ALL
     SELECT l.seq FROM audit_leaf l WHERE l.index < 0 OR l.index >= ${numbersEnd}
      UNION ALL
     SELECT p.seq FROM audit_personal p WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.seq = p.seq)
      ORDER BY seq LIMIT 100`,
    [pruned]
  )
  return rows.map(({ seq }) => seq)
}

/** What is in the tail. @property isThere its event is */
export async function findTail(db: Db): Promise<{ seq: number; refused: boolean; isThere: boolean }[]> {
  const { rows } = await db.query<{ seq: number; refused: boolean; isThere: boolean }>(
    `SELECT t.seq, t.refused, e.seq IS NOT NULL AS "isThere"
       FROM audit_tail t LEFT JOIN audit_event e ON e.seq = t.seq ORDER BY t.seq LIMIT 10000`
  )
  return rows
}

/** Where in the log another key took over. */
export async function findKeyChanges(db: Db): Promise<{ index: number; from: string }[]> {
  const { rows } = await db.query<{ index: number; from: string }>(
    `SELECT l.index, coalesce(e.details->>'from', '') AS "from"
       FROM audit_event e JOIN audit_leaf l ON l.seq = e.seq WHERE e.action = 'audit.key-changed' ORDER BY l.index`
  )
  return rows
}

/** What waits to be sealed and matters for what is sealed: that somebody was erased, or events were pruned. */
export async function findWaiting(db: Db): Promise<{ entry: Entry; mac: Buffer; erased: string[] }[]> {
  const { rows } = await db.query<Entry & { mac: Buffer; erased: string[] }>(
    `SELECT ${entryColumns}, e.mac,
            ARRAY(SELECT pseudonym FROM audit_erasure x WHERE x.seq = e.seq ORDER BY pseudonym) AS erased
       FROM audit_tail t JOIN audit_event e ON e.seq = t.seq
      WHERE NOT t.refused AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.seq = t.seq)
        AND (e.action IN ('audit.pseudonymised', 'audit.pruned')
             OR EXISTS (SELECT FROM audit_erasure x WHERE x.seq = e.seq))`
  )
  return rows.map(({ mac, erased, ...entry }) => ({ entry, mac, erased }))
}

/** One event with its leaf; undefined: there is none, or it was pruned. */
export async function findLeaf(db: Db, seq: number): Promise<LogRow | 'unsealed' | undefined> {
  const { rows } = await db.query<{ index: number | null; isThere: boolean }>(
    `SELECT (SELECT index FROM audit_leaf WHERE seq = $1) AS index,
            EXISTS (SELECT FROM audit_event WHERE seq = $1) AS "isThere"`,
    [seq]
  )
  const { index, isThere } = rows[0]!
  if (!isThere) return undefined
  if (index === null) return 'unsealed'
  return (await readLeaves(db, 1, { after: index - 1 }))[0]
}

/** A checkpoint that left the house when the log had this size. */
export async function findCheckpoint(db: Db, size: number): Promise<string | undefined> {
  const { rows } = await db.query<{ note: string }>('SELECT note FROM audit_checkpoint WHERE size = $1', [
    size
  ])
  return rows[0]?.note
}
