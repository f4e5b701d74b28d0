import { createHash } from 'node:crypto'
import type { Db } from '../../db/pool.ts'
import { csv } from './csv.ts'
import { readHead } from './head.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { findSubject } from './report.sql.ts'
import { fileName, type Writer } from './report.ts'
import { pagesOf } from './stream.ts'

/** By the ends of their names. */
export const writers = { html, csv, json } satisfies Record<string, Writer>

/**
 * The SHA-256 (hex) of each file of a report, by its name. All three are written in one pass over the participants.
 * The round's `ended_at` has to be set, and results kept (`keepResults`), in this transaction or before.
 * @throws where there is no such round, or it is not over
 */
export async function computeManifest(
  db: Db,
  campaignId: string,
  round: number
): Promise<Record<string, string>> {
  const subject = await findSubject(db, campaignId, round)
  if (!subject || subject.number === null || subject.endedAt === null)
    throw new Error(`round ${round} of campaign ${campaignId} is not over: its report has no manifest yet`)
  const head = await readHead(db, { ...subject, number: subject.number })
  const files = Object.entries(writers).map(([ext, writer]: [string, Writer]) => ({
    name: fileName(head.campaign, head.round, ext),
    writer,
    hash: createHash('sha256').update(writer.start(head))
  }))
  let before = 0
  for await (const entries of pagesOf(db, head)) {
    for (const { writer, hash } of files) hash.update(writer.rows(entries, before, head))
    before += entries.length
  }
  return Object.fromEntries(
    files.map(({ name, writer, hash }) => [name, hash.update(writer.end(head)).digest('hex')])
  )
}

/** As `sha256sum -c` reads it. */
export const manifestText = (manifest: Record<string, string>) =>
  Object.entries(manifest)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hash]) => `${hash}  ${name}\n`)
    .join('')
