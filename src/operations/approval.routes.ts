import Type from 'typebox'
import { inTransaction, inVain } from '../db/transaction.ts'
import { findApproval, listApprovals } from '../guard/approval.sql.ts'
import { approvalStates } from '../guard/approval.ts'
import { actorOf, callerOf } from '../http/access.ts'
import { answer } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { storable } from '../http/forms.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { problemResponses } from '../http/problem.ts'
import { uuidForm } from '../uuid.ts'
import type { World } from '../world.ts'
import * as example from './approval.examples.ts'
import { ApprovalDetail, ApprovalView, detailOf, summaryOf } from './approval.schema.ts'
import { countTargets, findTargets } from './approvals.sql.ts'
import { type Decider, decide, unknownApproval, type Verdict } from './decide.ts'
import { DryRunQuery } from './dry-run.schema.ts'

const ApprovalParams = Type.Object({
  approvalId: Type.String({ format: 'uuid', description: '`id` of the approval' })
})
const why = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: storable,
  description: 'Why; kept in the audit'
})
const strict = { additionalProperties: false } as const

export function approvalRoutes(app: App, world: World): void {
  app.get(
    '/approvals',
    {
      config: { access: 'approvals:decide' },
      schema: {
        operationId: 'listApprovals',
        tags: ['approvals'],
        summary: 'What waits for a second person, and what was decided; newest first',
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Enum([...approvalStates], { description: 'What was decided' })),
            ...pageQuery
          },
          strict
        ),
        response: {
          200: answer('A page of approvals', PageOf(ApprovalView), {
            approvals: { items: [example.approval], next: null }
          }),
          ...problemResponses('invalid-request')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit, ...filter } = request.query
      const before = readCursor(cursor, uuidForm)
      const found = await listApprovals(world.pool, {
        ...filter,
        ...(before && { before }),
        limit: limit + 1
      })
      const page = found.slice(0, limit)
      const targets = await countTargets(
        world.pool,
        page.map(({ id }) => id)
      )
      return sendPage(
        reply,
        page.map((approval) => summaryOf(approval, targets.get(approval.id) ?? 0)),
        found.length > limit ? page.at(-1)!.id : null
      )
    }
  )

  app.get(
    '/approvals/:approvalId',
    {
      config: { access: 'approvals:decide' },
      schema: {
        operationId: 'getApproval',
        tags: ['approvals'],
        summary: 'One approval, with everyone on its list',
        params: ApprovalParams,
        response: {
          200: answer('The action, the list, and the hash of both', ApprovalDetail, {
            approvalPending: example.approvalPending
          }),
          ...problemResponses('invalid-request', 'unknown-approval')
        }
      }
    },
    async (request) => show(request.params.approvalId)
  )

  app.post(
    '/approvals/:approvalId/approve',
    {
      config: {
        access: 'approvals:decide',
        idempotency: { none: 'it is decided once: a second time is refused and changes nothing' }
      },
      schema: {
        operationId: 'approve',
        tags: ['approvals'],
        summary: 'Let everyone on the list go on',
        description:
          'Binds to the exact list and the action by their hash: where somebody was added since you read it, it is refused. The key must belong to another owner than the one that asked, neither may have made the other, and it must be known for 24 hours. Those who were approved are counted by no brake.',
        params: ApprovalParams,
        querystring: DryRunQuery,
        body: Type.Object(
          {
            hash: Type.String({
              pattern: '^[0-9a-f]{64}$',
              description: '`hash` of `GET /approvals/{approvalId}`'
            }),
            reason: Type.Optional(why)
          },
          {
            ...strict,
            examples: [{ hash: example.approvalPending.hash, reason: 'agreed with the customer' }]
          }
        ),
        response: {
          200: answer('Decided: the operations go on, a few at a time', ApprovalDetail, {
            approvalApproved: example.approvalApproved
          }),
          ...problemResponses(...refusals, 'approval-changed', 'approval-not-allowed')
        }
      }
    },
    async (request) => {
      const verdict = { state: 'approved', ...request.body } as const
      return decided(request.params.approvalId, deciderOf(request), verdict, request.query.dryRun)
    }
  )

  app.post(
    '/approvals/:approvalId/reject',
    {
      config: {
        access: 'approvals:decide',
        idempotency: { none: 'it is decided once: a second time is refused and changes nothing' }
      },
      schema: {
        operationId: 'reject',
        tags: ['approvals'],
        summary: 'Cancel everyone on the list',
        description: 'Nothing is done to anybody on it. Whoever asked may do this, too.',
        params: ApprovalParams,
        querystring: DryRunQuery,
        body: Type.Object(
          { reason: Type.Optional(why) },
          { ...strict, examples: [{ reason: 'a wrong list' }] }
        ),
        response: {
          200: answer('Decided: the operations are cancelled', ApprovalDetail, {
            approvalRejected: example.approvalRejected
          }),
          ...problemResponses(...refusals)
        }
      }
    },
    async (request) => {
      const verdict = { state: 'rejected', ...request.body } as const
      return decided(request.params.approvalId, deciderOf(request), verdict, request.query.dryRun)
    }
  )

  const deciderOf = (request: Parameters<typeof callerOf>[0]): Decider => {
    const { owner, vouchers, since } = callerOf(request)
    return { actor: actorOf(request), hand: { owner, vouchers, since }, requestId: request.id }
  }

  async function decided(id: string, decider: Decider, verdict: Verdict, isDry = false) {
    const before = isDry ? await findTargets(world.pool, id, { waiting: true }) : []
    const approval = await decide(world.pool, id, decider, verdict, isDry ? inVain : inTransaction)
    if (!isDry) {
      world.paused()
      return show(id)
    }
    return { ...detailOf(approval, before), dryRun: true as const }
  }

  async function show(id: string) {
    const approval = await findApproval(world.pool, id)
    if (!approval) throw unknownApproval(id)
    const isPending = approval.state === 'pending'
    return detailOf(approval, await findTargets(world.pool, id, { waiting: isPending }))
  }
}

const refusals = [
  'malformed-json',
  'invalid-request',
  'unknown-approval',
  'approval-over',
  'body-too-large',
  'unsupported-media-type'
] as const
