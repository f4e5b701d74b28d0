import type { Db } from '../db/pool.ts'
import type { Entry } from './entry.ts'
import { timeText } from './time-text.ts'
import { type Node, numbersEnd } from './tree.ts'

/** All of an entry but its details, which are read in more than one form. */
export const columnsBeside = `e.seq, e.version AS v, ${timeText('e.at')} AS at, e.action, e.actor, e.operation_id AS "operationId",
  e.campaign_id AS "campaignId", e.request_id AS "requestId", encode(e.personal, 'hex') AS personal`
export const entryColumns = `${columnsBeside}, e.details`

export type Tree = { size: number; frontier: Buffer; checkpoint: string | null }

/** The tree as it is, and whether something is committed that is not in it yet. */
export async function readTree(db: Db): Promise<Tree & { pruned: number; hasTail: boolean }> {
  const { rows } = await db.query<Tree & { pruned: number; hasTail: boolean }>(
    `SELECT size, frontier, checkpoint, pruned,
            EXISTS (SELECT FROM audit_tail WHERE NOT refused) AS "hasTail"
       FROM audit_tree`
  )
  return rows[0]!
}

/** The tree, for the one who seals; undefined while another one does. */
export async function takeTree(tx: Db): Promise<Tree | undefined> {
  const { rows } = await tx.query<Tree>(
    `SELECT size, frontier, checkpoint FROM audit_tree FOR UPDATE SKIP LOCKED`
  )
  return rows[0]
}

/** What an event of the tail is; `mac` null: there is no such event, or it is in the tree already. */
export type TailRow = Entry & { mac: Buffer | null }

/**
 * Whoever was committed before another began has the lower seq; so the order of seqs is one of commits. The statistics of
 * a table that is filled and emptied all the time are never right: by them all of the log would be read for a few events.
 */
export async function readTail(tx: Db, most: number): Promise<TailRow[]> {
  const { rows } = await tx.query<TailRow>(
    `SELECT ${entryColumns}, e.mac, t.seq
       FROM (SELECT seq FROM audit_tail WHERE NOT refused AND seq < ${numbersEnd} ORDER BY seq LIMIT $1) t
       LEFT JOIN LATERAL (SELECT * FROM audit_event WHERE seq = t.seq
                             AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.seq = t.seq) LIMIT 1) e ON true
      ORDER BY t.seq`,
    [most]
  )
  return rows
}

export type Leaf = { index: number; seq: number; hash: Buffer; mac: Buffer }

/** The leaves leave the tail; with them the subtrees that they complete, where those are kept, and the new head. */
export async function saveTree(
  tx: Db,
  leaves: Leaf[],
  nodes: { node: Node; hash: Buffer }[],
  { size, frontier, checkpoint }: Pick<Tree, 'size' | 'frontier' | 'checkpoint'>
): Promise<void> {
  await tx.query(
    `WITH gone AS (DELETE FROM audit_tail WHERE seq = ANY($2::bigint[])),
     leaf AS (
       INSERT INTO audit_leaf (index, seq, hash, mac)
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])),
     node AS (
       INSERT INTO audit_node (level, index, hash) SELECT * FROM unnest($5::smallint[], $6::bigint[], $7::bytea[]))
     UPDATE audit_tree SET size = $8, frontier = $9, checkpoint = $10, sealed_at = locksmith_now()`,
    [
      leaves.map(({ index }) => index),
      leaves.map(({ seq }) => seq),
      leaves.map(({ hash }) => hash),
      leaves.map(({ mac }) => mac),
      nodes.map(({ node }) => node.level),
      nodes.map(({ node }) => node.index),
      nodes.map(({ hash }) => hash),
      size,
      frontier,
      checkpoint
    ]
  )
}

/** They stay in the tail, where the doctor and `audit verify` find them. */
export async function refuse(tx: Db, seqs: number[]): Promise<void> {
  await tx.query('UPDATE audit_tail SET refused = true WHERE seq = ANY($1::bigint[])', [seqs])
}

/** Keys may have been set right since. */
export async function lookAgain(db: Db): Promise<void> {
  await db.query('UPDATE audit_tail SET refused = false WHERE refused')
}

export type Lag = { unsealed: number; refused: number; oldestSeconds: number }

/** What is not in the tree. `oldestSeconds`: for how long the oldest of it has waited; 0: nothing waits. */
export async function readLag(db: Db): Promise<Lag> {
  const { rows } = await db.query<Lag>(
    `SELECT count(*) FILTER (WHERE NOT t.refused) AS unsealed, count(*) FILTER (WHERE t.refused) AS refused,
            coalesce(extract(epoch FROM locksmith_now() - (
              SELECT e.at FROM audit_tail o, LATERAL (SELECT at FROM audit_event WHERE seq = o.seq LIMIT 1) e
               WHERE NOT o.refused ORDER BY o.seq LIMIT 1)), 0)::float AS "oldestSeconds"
       FROM audit_tail t`
  )
  return rows[0]!
}

/** How long what leaves the house has not been received; 0: it is. Only of what is configured. */
export async function readFailing(
  db: Db
): Promise<{ name: string; seconds: number; lastError: string | null }[]> {
  const { rows } = await db.query<{ name: string; seconds: number; lastError: string | null }>(
    `SELECT name, coalesce(extract(epoch FROM locksmith_now() - failed_since), 0)::float AS seconds,
            last_error AS "lastError"
       FROM audit_cursor ORDER BY name`
  )
  return rows
}
