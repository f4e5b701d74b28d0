import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import type { Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { answer, text } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { type Patience, patiently } from '../http/patient-stream.ts'
import { problemResponses } from '../http/problem.ts'
import { readInTurn } from '../http/read-in-turn.ts'
import { createTurns } from '../http/turns.ts'
import type { World } from '../world.ts'
import {
  checkpointExample,
  consistencyExample,
  csvExample,
  exportExample,
  proofExample
} from './audit.examples.ts'
import { filterQuery, readFilter } from './audit.schema.ts'
import { exportCsv, exportName, exportNdjson } from './export.ts'
import { findCheckpoint, findLeaf } from './log.sql.ts'
import { ConsistencyView, ProofView, readSize } from './proof.schema.ts'
import { nodesIn, readHead } from './proof.sql.ts'
import { consistencyProof, inclusionProof, rootAt } from './tree.ts'

const patience: Patience = { pieceMs: 60_000, allMs: 3_600_000 }

const exportDescription = `All events that the filters let through, as one moment of the database, streamed: also a million.

Without filters \`ndjson\` is the whole log with what proves it: \`locksmith host audit verify --export\`, or \`tools/verify-audit.mjs\` with nothing but Node, tells whether anything in it was changed, taken away, added, moved or cut off. With filters each event can still be verified by itself. The format is in docs/AUDIT.md.

\`csv\` (RFC 4180, UTF-8 with a byte order mark) is for reading; a cell that a spreadsheet could take for a formula has an apostrophe before it.

An export is personal data.`

/** What lets others check what the log says, and take it with them. */
export function proofRoutes(app: App, { pool }: Pick<World, 'pool'>, limits = patience): void {
  // Each holds a connection while it is read.
  const takeTurn = createTurns(2, 20_000)

  app.get(
    '/audit/checkpoint',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'auditCheckpoint',
        tags: ['audit'],
        summary: 'The signed head of the log',
        description:
          'A checkpoint (C2SP tlog-checkpoint, a note signed with Ed25519) of everything that was sealed until now. Whoever keeps one can tell later whether the log that it was taken of is still the beginning of this one.',
        response: {
          200: {
            description:
              'The name of the log, how many events it has, the root of their tree, and signatures',
            content: {
              'text/plain': text({ auditCheckpoint: checkpointExample })
            }
          },
          ...problemResponses('not-sealed-yet')
        }
      }
    },
    async (_request, reply) => {
      const { checkpoint } = await readHead(pool)
      if (checkpoint === null) throw notSealed('Nothing')
      return reply.type('text/plain; charset=utf-8').send(checkpoint)
    }
  )

  app.get(
    '/audit/:seq/proof',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'auditProof',
        tags: ['audit'],
        summary: 'That an event is in the log',
        description:
          'The event as it was sealed, and the hashes that lead from it to the root of a checkpoint (RFC 9162, 2.1.3). `node tools/verify-audit.mjs proof` checks it.',
        params: Type.Object({
          seq: Type.Integer({
            minimum: 1,
            maximum: 999_999_999_999_999,
            description: '`seq` of the event',
            examples: [1]
          })
        }),
        response: {
          200: answer('The proof', ProofView, { auditProof: proofExample }),
          ...problemResponses('invalid-request', 'unknown-event', 'not-sealed-yet')
        }
      }
    },
    async (request) => {
      const { seq } = request.params
      const { size, checkpoint, pruned } = await readHead(pool)
      const leaf = await findLeaf(pool, seq)
      if (leaf === undefined) throw unknownEvent(seq, pruned)
      if (leaf === 'unsealed' || leaf.index >= size) throw notSealed(`Event ${seq}`)
      const path = await inclusionProof(leaf.index, size, nodesIn(pool))
      const { index, hash, entry, salt, personal } = leaf
      return {
        seq,
        index,
        size,
        hash,
        path: path.map(hex),
        checkpoint: checkpoint!,
        entry: entry as never,
        salt,
        personal: personal as never
      }
    }
  )

  app.get(
    '/audit/consistency',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'auditConsistency',
        tags: ['audit'],
        summary: 'That an earlier log is the beginning of a later one',
        description:
          'The hashes that show it (RFC 9162, 2.1.4), for whoever kept the checkpoint of the earlier one. `node tools/verify-audit.mjs consistency` checks it.',
        querystring: Type.Object(
          {
            from: Type.Integer({
              minimum: 0,
              maximum: 999_999_999_999_999,
              description: 'How many events the earlier one has'
            }),
            to: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: 999_999_999_999_999,
                description: 'The later one; left out: as it is now'
              })
            )
          },
          { additionalProperties: false }
        ),
        response: {
          200: answer('The proof', ConsistencyView, { auditConsistency: consistencyExample }),
          ...problemResponses('invalid-request', 'not-sealed-yet')
        }
      }
    },
    async (request) => {
      const head = await readHead(pool)
      if (head.checkpoint === null) throw notSealed('Nothing')
      const to = readSize('to', request.query.to ?? head.size, head)
      const from = readSize('from', request.query.from, { ...head, size: to })
      const read = nodesIn(pool)
      return {
        from,
        to,
        path: (await consistencyProof(from, to, read)).map(hex),
        fromRoot: hex(await rootAt(from, read)),
        toRoot: hex(await rootAt(to, read)),
        fromCheckpoint: (await checkpointOf(pool, from, head)) ?? null,
        checkpoint: (await checkpointOf(pool, to, head)) ?? null
      }
    }
  )

  app.get(
    '/audit/export',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'exportAudit',
        tags: ['audit'],
        summary: 'The log, or a part of it, as a file',
        description: exportDescription,
        querystring: Type.Object(
          {
            format: Type.Optional(
              Type.Enum(['ndjson', 'csv'], { default: 'ndjson', description: '`ndjson` can be verified' })
            ),
            ...filterQuery
          },
          { additionalProperties: false }
        ),
        response: {
          200: {
            description: 'The file',
            headers: {
              'Content-Disposition': {
                type: 'string',
                description: '`audit-<events>.<format>`, of a part `audit-part-…`'
              }
            },
            content: {
              'application/x-ndjson': text({ auditExport: exportExample }),
              'text/csv': text({ auditExportCsv: csvExample })
            }
          },
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { format = 'ndjson', ...asked } = request.query
      const filter = Object.keys(asked).length > 0 ? readFilter(asked) : undefined
      return readInTurn(pool, takeTurn, async (db, release) => {
        const name = await exportName(db, filter, format)
        const pieces = format === 'csv' ? exportCsv(db, filter ?? {}) : exportNdjson(db, filter)
        reply.header('content-disposition', `attachment; filename="${name}"`)
        return sendAs(reply, format, patiently(pieces, limits, release))
      })
    }
  )
}

const sendAs = (reply: FastifyReply, format: 'ndjson' | 'csv', stream: ReturnType<typeof patiently>) =>
  reply
    .type(format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson')
    .send(stream as never)

const hex = (hash: Buffer) => hash.toString('hex')

/** Signed, where one of that size is known. */
async function checkpointOf(pool: Pool, size: number, head: { size: number; checkpoint: string | null }) {
  return size === head.size ? head.checkpoint : findCheckpoint(pool, size)
}

const unknownEvent = (seq: number, pruned: number) =>
  new DomainError(
    'unknown-event',
    pruned > 0
      ? `There is no event ${seq}: it never was, or it was pruned with the first ${pruned}.`
      : `There is no event ${seq}. Some numbers are left out.`
  )

const notSealed = (what: string) =>
  new DomainError(
    'not-sealed-yet',
    `${what} is not in the tree yet, which takes a second at most. Ask again; if it stays so, \`locksmith host doctor\` says why.`,
    { headers: { 'retry-after': '1' } }
  )
