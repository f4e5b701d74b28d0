import type { FastifyError, RouteOptions } from 'fastify'
import Type from 'typebox'
import { DomainError, type Problem } from '../../errors.ts'
import { callerOf } from '../../http/access.ts'
import type { App } from '../../http/fastify.ts'
import { witnessOf } from '../../http/idempotency.ts'
import { answerProblem, nextcloudProblems, tellProblem } from '../../http/problem.ts'
import { refusals } from '../../operations/begin.routes.ts'
import type { World } from '../../world.ts'
import { signOutFor } from './asked.ts'
import { findSubject, readSubject, SubjectId } from './subject.ts'

const subject = { format: 'email', email: 'alice@example.org' }

const Patience = Type.Object({
  prefer: Type.Optional(
    Type.String({
      description:
        '`wait=20`: how many seconds (at most 60) the end of something else that works on the user is waited for; 20 where it is not said'
    })
  )
})

/** Global Token Revocation (draft-parecki-oauth-global-token-revocation), as Okta's Universal Logout sends it. */
export function revocationRoutes(app: App, world: World): void {
  app.register(async (scope: App) => {
    scope.addHook('onRoute', declareUnable)
    scope.setErrorHandler((error: FastifyError, request, reply) =>
      answerProblem(reply, asUnable(tellProblem(request, reply, error)))
    )
    route(scope, world)
  })
}

function route(app: App, world: World): void {
  app.post(
    '/global-token-revocation',
    {
      config: { access: 'signals:send', idempotency: 'key', groups: 'heeded' },
      schema: {
        operationId: 'revokeAllTokens',
        tags: ['signals'],
        summary: 'Sign a user out everywhere',
        description:
          'Every session and app password that the user has now is revoked ([draft](https://datatracker.ietf.org/doc/draft-parecki-oauth-global-token-revocation/)). Where nothing else can revoke the password is replaced for it. Called with a key, or with a request signed (JWT of the type `global-token-revocation+jwt`) by one of `SIGNAL_ISSUERS`; signed, the same `jti` is acted upon once.',
        headers: Patience,
        body: Type.Object(
          {
            sub_id: Type.Optional(SubjectId),
            subject: Type.Optional(
              Type.Object({}, { additionalProperties: true, description: '`sub_id` of early drafts' })
            )
          },
          { additionalProperties: true, examples: [{ sub_id: subject }] }
        ),
        response: {
          204: {
            type: 'null',
            description:
              'It is recorded, and goes on by itself, also through a restart. Or there is nothing that would open: the user is off-boarded',
            headers: {
              location: {
                type: 'string',
                description: 'Where to look: `/operations/{id}`, with `users:read`'
              }
            }
          },
          ...refusals(
            ...nextcloudProblems,
            'ambiguous-user',
            'awaiting-approval',
            'user-disabled',
            'cannot-set-password',
            'two-factor-user',
            'two-factor-enforced',
            'encryption-per-user-keys',
            'revocation-unavailable'
          )
        }
      }
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { signed } = caller
      const subject = readSubject(request.body.sub_id ?? request.body.subject)
      if (!subject)
        throw new DomainError(
          'invalid-request',
          'body/sub_id must be a subject identifier (RFC 9493) of the format email, iss_sub or opaque. Nothing was done.'
        )
      const naming = {
        caller,
        ...(signed && { issuer: signed.issuer }),
        speaksScim: !signed || caller.owner !== caller.actor
      }
      // An earlier request with this Idempotency-Key began it, and its process died before the answer.
      const begun = request.idempotency?.operationId
      const operation =
        begun ??
        (await signOutFor(world, request, await findSubject(world, subject, naming), {
          caller,
          reason: `Global token revocation${signed ? `, asked for by ${signed.issuer}` : ''}`,
          signal: signed?.id === undefined ? undefined : { issuer: signed.issuer, id: signed.id },
          witness: witnessOf(request),
          confirm: () => app.confirmCaller(request)
        }))
      if (operation) reply.header('location', `/operations/${operation}`)
      return reply.code(204).send(null as never)
    }
  )
}

/** The draft knows no 409: what keeps the user from being signed out for now is 422. */
const asUnable = (problem: Problem): Problem =>
  problem.status === 409 && !problem.code.startsWith('idempotency-') ? { ...problem, status: 422 } : problem

/** For `onRoute`: as it is answered, so it is declared. */
function declareUnable(route: RouteOptions): void {
  const answers = { ...(route.schema?.response as Answers) }
  const move = ([code, { value }]: [string, { value: Problem }]) => {
    const problem = asUnable(value)
    if (problem === value) return true
    const { examples } = answers[422]!.content[problemType]
    examples[`unable-${code}`] = { value: problem }
    answers[422]!.description += `. ${problem.title} (\`${code}\`)`
    return false
  }
  const { description: _, content } = answers[409]!
  const stays = Object.entries(content[problemType].examples).filter(move)
  answers[409] = {
    description: stays.map(([code, { value }]) => `${value.title} (\`${code}\`)`).join('. '),
    content: { [problemType]: { ...content[problemType], examples: Object.fromEntries(stays) } }
  }
  route.schema = { ...route.schema, response: answers }
}

const problemType = 'application/problem+json'
type Answers = Record<
  number,
  {
    description: string
    content: { [problemType]: { examples: Record<string, { value: Problem }> } }
  }
>
