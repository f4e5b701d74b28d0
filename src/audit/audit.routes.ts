import Type from 'typebox'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { UserParams } from '../http/user-id.ts'
import type { World } from '../world.ts'
import { auditExamples, historyExample } from './audit.examples.ts'
import { AuditView, filterQuery, readFilter, viewOf } from './audit.schema.ts'
import { listAudit } from './audit.sql.ts'
import { HistoryView, sentenceOf } from './history.ts'

/** A page begins at an event's number. */
const seqForm = /^[1-9]\d{0,14}$/

export function auditRoutes(app: App, { pool }: World): void {
  app.addSchema(AuditView)
  app.addSchema(HistoryView)

  app.get(
    '/audit',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'listAudit',
        tags: ['audit'],
        summary: 'Audit events, newest first',
        querystring: Type.Object({ ...filterQuery, ...pageQuery }, { additionalProperties: false }),
        response: {
          200: answer('A page of audit events', PageOf(named(AuditView)), {
            auditEvents: { items: auditExamples, next: '36' }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit, ...asked } = request.query
      const before = readCursor(cursor, seqForm)
      const found = await listAudit(pool, readFilter(asked), {
        ...(before && { before: Number(before) }),
        limit: limit + 1
      })
      const page = found.slice(0, limit)
      return sendPage(reply, page.map(viewOf), found.length > limit ? String(page.at(-1)!.seq) : null)
    }
  )

  app.get(
    '/users/:userId/history',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'userHistory',
        tags: ['audit'],
        summary: "A person's story, from the first event on",
        description:
          'What was done to this user, by whom and why, each as a sentence. It is what the audit says: also of users who are gone from Nextcloud.',
        params: UserParams,
        querystring: Type.Object(pageQuery, { additionalProperties: false }),
        response: {
          200: answer('A page of the story, oldest first', PageOf(named(HistoryView)), {
            userHistory: { items: historyExample, next: null }
          }),
          ...problemResponses('invalid-request', 'invalid-user-id')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit } = request.query
      const after = readCursor(cursor, seqForm)
      const { userId } = request.params
      const found = await listAudit(
        pool,
        { userId },
        {
          ...(after && { after: Number(after) }),
          order: 'ASC',
          limit: limit + 1
        }
      )
      const page = found.slice(0, limit)
      const items = page.map((row) => ({
        seq: row.seq,
        at: row.at.toISOString(),
        text: sentenceOf(row),
        action: row.action,
        outcome: viewOf(row).outcome,
        actor: row.actor,
        operationId: row.operationId,
        campaignId: row.campaignId
      }))
      return sendPage(reply, items, found.length > limit ? String(page.at(-1)!.seq) : null)
    }
  )
}
