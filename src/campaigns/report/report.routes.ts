import Type from 'typebox'
import { DomainError } from '../../errors.ts'
import { named, text } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { type Patience, patiently } from '../../http/patient-stream.ts'
import { problemResponses } from '../../http/problem.ts'
import { readInTurn } from '../../http/read-in-turn.ts'
import { createTurns } from '../../http/turns.ts'
import type { World } from '../../world.ts'
import { unknownCampaign } from '../known.ts'
import { readHead } from './head.ts'
import { computeManifest, manifestText, writers } from './manifest.ts'
import { csvExample, manifestExample, pageExample, reportExample } from './report.examples.ts'
import { ParticipantReport, ReportView } from './report.schema.ts'
import { findSubject, type SubjectRow } from './report.sql.ts'
import { fileName, type Writer } from './report.ts'
import { write } from './stream.ts'
import { policy } from './style.ts'

const formats = ['html', 'csv', 'json', 'sha256'] as const

const description = `Who was asked, when and at which address, how each mail was delivered, who answered what, and what was done about it: evidence for ISO/IEC 27001:2022 Annex A 5.18 and SOC 2 CC6.3, and no claim beyond that.

Without \`format\` a browser (\`Accept: text/html\`) gets the page, everybody else JSON. All of a report is of one moment. While the round goes on it says that it is not final, and as of when; of a round that has ended the bytes are the same each time, and \`format=sha256\` gives their hashes for \`sha256sum -c\`.

The CSV (RFC 4180, UTF-8 with a byte order mark, which Excel needs) has one row for each participant. A cell that a spreadsheet could take for a formula (it begins with \`=\`, \`+\`, \`-\`, \`@\`, a tab or a line break) has an apostrophe before that; take it off to get the very value.

A report is personal data. It has to be read at a fair pace: 30 s for each part, 15 minutes in all.`

const patience: Patience = { pieceMs: 30_000, allMs: 900_000 }

/** Each report holds a connection while it is read, so there are no more than two at a time in a process. */
export function reportRoutes(app: App, { pool }: Pick<World, 'pool'>, limits = patience): void {
  app.addSchema(ParticipantReport)
  app.addSchema(ReportView)
  const takeTurn = createTurns(2, 20_000)

  app.get(
    '/campaigns/:campaignId/report',
    {
      config: { access: 'campaigns:read' },
      schema: {
        operationId: 'campaignReport',
        tags: ['campaigns'],
        summary: 'The report of a round, as evidence of an access review',
        description,
        params: Type.Object({
          campaignId: Type.String({ format: 'uuid', description: '`id` of the campaign' })
        }),
        querystring: Type.Object(
          {
            round: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: 2 ** 31 - 1,
                description: 'Which one; left out: the last that began'
              })
            ),
            format: Type.Optional(Type.Enum([...formats], { description: 'What is wanted' }))
          },
          { additionalProperties: false }
        ),
        response: {
          200: {
            description: 'The report',
            headers: {
              'Content-Disposition': {
                type: 'string',
                description: '`campaign-<name>-round-<N>.<format>`; the page is shown, all else is saved'
              },
              'Cache-Control': { type: 'string', description: 'no-store' }
            },
            content: {
              'application/json': {
                schema: named(ReportView),
                examples: { campaignReport: { value: reportExample } }
              },
              'text/html': text({ campaignReportPage: pageExample }, 'A page to print'),
              'text/csv': text({ campaignReportCsv: csvExample }),
              'text/plain': text({ campaignReportManifest: manifestExample }, 'For `sha256sum -c`')
            }
          },
          ...problemResponses('invalid-request', 'unknown-campaign', 'report-not-final')
        }
      }
    },
    async (request, reply) => {
      const { campaignId } = request.params
      const isBrowser = request.headers.accept?.includes('text/html') ?? false
      const { round, format = isBrowser ? 'html' : 'json' } = request.query
      return readInTurn(pool, takeTurn, async (db, release) => {
        const subject = known(await findSubject(db, campaignId, round), campaignId, round)
        reply.header('cache-control', 'no-store').header('vary', 'Accept')
        if (format === 'sha256') {
          const text = manifestText(
            final(subject).manifest ?? (await computeManifest(db, campaignId, subject.number))
          )
          await release()
          reply.header('content-disposition', `attachment; filename="${fileName(subject, subject, format)}"`)
          return reply.type('text/plain; charset=utf-8').send(text)
        }
        const head = await readHead(db, subject)
        const writer: Writer = writers[format]
        const way = format === 'html' ? 'inline' : 'attachment'
        reply.header('content-disposition', `${way}; filename="${fileName(subject, subject, format)}"`)
        if (format === 'html') reply.header('content-security-policy', `${policy}; frame-ancestors 'none'`)
        const stream = patiently(write(db, head, writer), limits, release)
        return reply.type(writer.type).send(stream as never)
      })
    }
  )
}

function known(subject: SubjectRow | undefined, id: string, round: number | undefined) {
  if (!subject) throw unknownCampaign(id)
  const { number } = subject
  if (number !== null) return { ...subject, number }
  throw new DomainError(
    'unknown-campaign',
    round === undefined
      ? `The campaign ${id} has had no round yet, so there is no report. Nothing was done.`
      : `The campaign ${id} has had no round ${round}. Nothing was done.`
  )
}

function final<T extends SubjectRow>(subject: T): T {
  if (subject.endedAt !== null) return subject
  throw new DomainError(
    'report-not-final',
    `Round ${subject.number} goes on, so its report still changes and has no hashes. Nothing was done. Ask again once it has ended; html, csv and json are given now, as of this moment.`
  )
}
