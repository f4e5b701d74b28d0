/** The log as a file: one JSON object a line, which can be verified, or a table for a spreadsheet. */
import { byteOrderMark, line as csvLine } from '../csv.ts'
import type { Db } from '../db/pool.ts'
import { type AuditFilter, type AuditRow, listAudit } from './audit.sql.ts'
import { outcomeOfAction } from './event.ts'
import { readLog } from './log.ts'
import { readHead } from './proof.sql.ts'

/** Pieces of so many lines: some hundred kilobytes. */
const atOnce = 500

/** @param db of one moment @param filter left out: the whole log */
export async function* exportNdjson(db: Db, filter: AuditFilter | undefined): AsyncGenerator<string> {
  let piece = ''
  let lines = 0
  for await (const line of readLog(db, filter)) {
    piece += `${JSON.stringify(line)}\n`
    if (++lines % atOnce > 0) continue
    yield piece
    piece = ''
  }
  yield piece
}

const columns: Record<string, (row: AuditRow) => string | null> = {
  seq: ({ seq }) => String(seq),
  at: ({ at }) => at.toISOString(),
  action: ({ action }) => action,
  outcome: ({ action }) => outcomeOfAction[action],
  actor: ({ actor }) => actor,
  user_id: ({ userId }) => userId,
  reason: ({ details }) => (typeof details.reason === 'string' ? details.reason : null),
  operation_id: ({ operationId }) => operationId,
  campaign_id: ({ campaignId }) => campaignId,
  request_id: ({ requestId }) => requestId,
  source_address: ({ sourceAddress }) => sourceAddress,
  details: ({ details }) => JSON.stringify(details),
  index: ({ index }) => (index === null ? null : String(index))
}

/** Also what is not sealed yet, oldest first. @param db of one moment */
export async function* exportCsv(db: Db, filter: AuditFilter): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(Object.keys(columns))
  for (let after = 0; ; ) {
    const rows = await listAudit(db, filter, { after, order: 'ASC', limit: atOnce })
    yield rows.map((row) => csvLine(Object.values(columns).map((read) => read(row)))).join('')
    if (rows.length < atOnce) return
    after = rows.at(-1)!.seq
  }
}

/** Of the file: how much of the log it has. */
export async function exportName(db: Db, filter: AuditFilter | undefined, format: string): Promise<string> {
  const { size } = await readHead(db)
  return `audit${filter ? '-part' : ''}-${size}.${format}`
}
