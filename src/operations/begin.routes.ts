/** What routes share that begin an operation, or look at one. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { callerOf, needScopes } from '../http/access.ts'
import { answer as answerOf } from '../http/answer.ts'
import { witnessOf } from '../http/idempotency.ts'
import { problemResponses } from '../http/problem.ts'
import { whileThere } from '../http/while-there.ts'
import type { World } from '../world.ts'
import { DryRunView, viewOfPlan } from './dry-run.schema.ts'
import { tryOperation } from './dry-run.ts'
import { Mail, OperationView, viewOf } from './operation.schema.ts'
import { findOperation } from './operation.sql.ts'
import { type Input, isFinal, type Kind, type Operation } from './operation.ts'
import { options } from './options.schema.ts'
import { requestOperation, unknownOperation, type Witness } from './request.ts'
import { scopesOf } from './scopes.ts'
import { readWait, waitForOperation } from './wait.ts'

export const reason = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Why; kept in the audit',
  examples: ['phone lost']
})

// No example: Swagger UI would fill it in, and so hide the 202 that callers have to know.
export const Prefer = Type.Object({
  prefer: Type.Optional(
    Type.String({
      description:
        '`wait=20`: wait up to 20 (at most 60) seconds for it to finish, and answer with what came of it'
    })
  )
})

const headers = {
  location: { type: 'string', description: 'Where to look: `/operations/{id}`' },
  'preference-applied': { type: 'string', description: '`wait=N`, where `Prefer` asked for it' }
} as const

/** Answers of what begins an operation, or lets one go on. */
export const accepted = (queued: Record<string, OperationView>, finished: Record<string, OperationView>) => ({
  200: answerOf(
    'Finished: only with `Prefer: wait=N`, within that time. Or what would come of it, with `dryRun=true`',
    Type.Union([DryRunView, OperationView]),
    finished,
    headers
  ),
  202: answerOf('Recorded: it goes on by itself, also through a restart', OperationView, queued, headers)
})

/** What can keep the password from being replaced, and the mail from helping. */
export const cannotReplace = [
  'password-reset-off',
  'no-mail-address',
  'cannot-set-password',
  'two-factor-user',
  'two-factor-enforced',
  'encryption-per-user-keys',
  'smtp-not-configured'
] as const

/** How the password is replaced, where it is. @param mail the default of this installation */
export const replacing = (mail: Input['mail']) => ({
  mail: Type.Optional({ ...Mail, default: mail }),
  twoFactor: Type.Optional(options.twoFactor),
  passkeys: Type.Optional(options.passkeys),
  acceptDataLoss: Type.Optional(options.acceptDataLoss)
})

/** Only what it would come to is asked for. */
export const isDry = ({ query }: FastifyRequest) => (query as { dryRun?: boolean }).dryRun === true

/** Refusals of every request about one user. */
export const refusals = (...codes: Parameters<typeof problemResponses>) =>
  problemResponses(
    'malformed-json',
    'invalid-request',
    'invalid-user-id',
    'unknown-user',
    'own-account',
    'protected-user',
    'protected-users-unresolved',
    'stopped',
    'operation-already-running',
    'body-too-large',
    'unsupported-media-type',
    ...codes
  )

export function operationAnswers(world: World) {
  /** @throws DomainError */
  async function begin(
    request: FastifyRequest,
    reply: FastifyReply,
    kind: Kind,
    userId: string,
    input: Input
  ) {
    needScopes(request, scopesOf(kind, input))
    const { actor, owner, vouchers } = callerOf(request)
    const asked = { kind, userId, input, actor, owner, vouchers, requestId: request.id }
    if (isDry(request)) return reply.send(viewOfPlan(await tryOperation(world, asked)))
    const recorded = await once(request, (witness) => requestOperation(world, asked, witness))
    return answer(request, reply, recorded)
  }

  /** Begins it, unless a request with the same `Idempotency-Key` has, and its process died before the answer. */
  async function once(request: FastifyRequest, begin: (witness: Witness) => Promise<Operation>) {
    const id = request.idempotency?.operationId
    if (!id) return begin(witnessOf(request))
    const begun = await findOperation(world.pool, id)
    if (!begun) throw unknownOperation(id)
    return begun
  }

  /** It is recorded: whatever fails while we wait for its end, the caller learns where to look. */
  async function answer(request: FastifyRequest, reply: FastifyReply, recorded: Operation) {
    // Who waits for a person is not waited for.
    const seconds = recorded.state === 'awaiting-approval' ? undefined : readWait(request.headers.prefer)
    const later =
      seconds === undefined ? undefined : await waited(request, recorded.id).catch(() => undefined)
    const operation = later ?? recorded
    if (seconds !== undefined) reply.header('preference-applied', `wait=${seconds}`)
    return reply
      .code(isFinal(operation.state) && seconds !== undefined ? 200 : 202)
      .header('location', `/operations/${operation.id}`)
      .send(viewOf(operation))
  }

  async function waited(request: FastifyRequest, id: string) {
    const seconds = readWait(request.headers.prefer)
    if (seconds === undefined) return findOperation(world.pool, id)
    return whileThere(request, (gone) => waitForOperation(world, id, seconds, gone))
  }

  return { begin, once, answer, waited }
}
