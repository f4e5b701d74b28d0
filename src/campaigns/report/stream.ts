import type { Db } from '../../db/pool.ts'
import { entryOf } from './entry.ts'
import { findParticipants } from './report.sql.ts'
import type { Entry, Head, Writer } from './report.ts'

/** Participants that are read and written at one time: some hundred kilobytes. */
const pageSize = 500

/** The participants of a report, in pages, in the order of their ids. */
export async function* pagesOf(db: Db, { campaign, round, final }: Head): AsyncGenerator<Entry[]> {
  let after = ''
  for (;;) {
    const rows = await findParticipants(db, campaign.id, round.number, after, pageSize)
    if (rows.length > 0) yield rows.map((row) => entryOf(row, final))
    if (rows.length < pageSize) return
    after = rows.at(-1)!.place
  }
}

/** A report in one format, piece by piece. */
export async function* write(db: Db, head: Head, writer: Writer): AsyncGenerator<string> {
  yield writer.start(head)
  let before = 0
  for await (const entries of pagesOf(db, head)) {
    yield writer.rows(entries, before, head)
    before += entries.length
  }
  yield writer.end(head)
}
