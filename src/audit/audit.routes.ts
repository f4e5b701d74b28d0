import Type, { type Static } from 'typebox'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { readTime } from '../http/time.ts'
import { UserId } from '../http/user-id.ts'
import type { World } from '../world.ts'
import { auditExamples } from './audit.examples.ts'
import { listAudit } from './audit.sql.ts'
import { auditActions } from './event.ts'

const OrNull = (schema: { format?: 'uuid' }) => Type.Union([Type.String(schema), Type.Null()])

const AuditView = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: 'Later events have higher ones' }),
    at: Type.String({ format: 'date-time' }),
    action: Type.Enum([...auditActions]),
    actor: Type.String({
      description:
        'The API key (`key:…`) or the subject of an access token (`oidc:<issuer>#<sub>`), Locksmith itself (`system`), or someone at its command line (`host`)'
    }),
    userId: OrNull({}),
    operationId: OrNull({ format: 'uuid' }),
    requestId: { ...OrNull({}), description: '`X-Request-Id` of the request that led to it' },
    details: Type.Object({}, { additionalProperties: true, description: 'Other members for each action' })
  },
  {
    $id: 'AuditEvent',
    description: 'What was done, or was about to be: an effect is written before it is tried'
  }
)
export type AuditView = Static<typeof AuditView>

export function auditRoutes(app: App, { pool }: World): void {
  app.addSchema(AuditView)

  app.get(
    '/audit',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'listAudit',
        tags: ['audit'],
        summary: 'Audit events, newest first',
        querystring: Type.Object(
          {
            userId: Type.Optional(UserId),
            operationId: Type.Optional(
              Type.String({ format: 'uuid', description: 'Of this operation only' })
            ),
            action: Type.Optional(Type.Enum([...auditActions])),
            from: Type.Optional(Type.String({ format: 'date-time', description: 'Not before this time' })),
            to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this time' })),
            ...pageQuery
          },
          { additionalProperties: false }
        ),
        response: {
          200: answer('A page of audit events', PageOf(named(AuditView)), {
            auditEvents: { items: auditExamples, next: '36' }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit, from, to, ...filter } = request.query
      const before = readCursor(cursor, /^[1-9]\d{0,14}$/)
      const found = await listAudit(pool, {
        ...filter,
        ...(from && { from: readTime('querystring/from', from) }),
        ...(to && { to: readTime('querystring/to', to) }),
        ...(before && { before: Number(before) }),
        limit: limit + 1
      })
      const page = found.slice(0, limit)
      const items = page.map((row) => ({ ...row, at: row.at.toISOString() }))
      return sendPage(reply, items, found.length > limit ? String(page.at(-1)!.seq) : null)
    }
  )
}
