import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { DomainError } from '../errors.ts'
import { answer } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { nextcloudProblems, problemResponses } from '../http/problem.ts'
import { readTime } from '../http/time.ts'
import { UserId, UserParams } from '../http/user-id.ts'
import type { Token } from '../nextcloud/session.ts'
import { listTokens } from '../revocation/list.ts'
import type { World } from '../world.ts'
import { accepted, cannotReplace, operationAnswers, Prefer, reason, refusals } from './begin.routes.ts'
import { dryRun } from './dry-run.schema.ts'
import * as example from './offboarding.examples.ts'
import { Mail } from './operation.schema.ts'
import type { Input } from './operation.ts'
import { options } from './options.schema.ts'

const optional = Type.Optional

const TokenView = Type.Object(
  {
    id: Type.Integer({ description: 'Of `DELETE /users/{userId}/tokens/{tokenId}`' }),
    name: Type.String({ description: 'What the browser or app calls itself: anybody can call it anything' }),
    kind: Type.Enum(['session', 'app-password', 'wiped'], {
      description: '`wiped`: opens nothing any more, and its device will learn by it that it must erase'
    }),
    lastUsedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
  },
  { $id: 'Token', description: 'A session or app password' }
)

/** What is not for the body, since many programs send none with a DELETE. */
const howToRevoke = {
  reason: optional(reason),
  replacePassword: optional(options.replacePassword),
  mail: optional(Mail),
  twoFactor: optional(options.twoFactor),
  acceptDataLoss: optional(options.acceptDataLoss)
}

const cannotRevoke = [
  'needs-password-replacement',
  'user-disabled',
  ...cannotReplace,
  'revocation-unavailable'
] as const

export function tokenRoutes(app: App, world: World): void {
  const { config, nextcloud, drivers } = world
  const { begin } = operationAnswers(world)
  app.addSchema(TokenView)

  app.get(
    '/users/:userId/tokens',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'listTokens',
        tags: ['users'],
        summary: 'Sessions and app passwords of a user',
        description:
          'Needs `OCC_COMMAND` or `NEXTCLOUD_DATABASE_URL`: over HTTP alone they can only be listed by logging in as the user.',
        params: UserParams,
        response: {
          200: answer(
            'All of them',
            Type.Object({
              items: Type.Array(Type.Unsafe<ReturnType<typeof view>>({ $ref: 'Token#' })),
              listedBy: Type.Enum(['occ', 'sql'])
            }),
            { tokens: example.tokens }
          ),
          ...problemResponses(
            ...nextcloudProblems,
            'invalid-user-id',
            'unknown-user',
            'tokens-not-listable',
            'revocation-unavailable'
          )
        }
      }
    },
    async (request) => {
      const { id } = await nextcloud.getUser(request.params.userId)
      const { tokens, listedBy } = await listTokens(drivers, id)
      return { items: tokens.map(view), listedBy }
    }
  )

  app.delete(
    '/users/:userId/tokens',
    {
      config: { access: 'users:revoke', idempotency: 'key' },
      schema: {
        operationId: 'revokeTokens',
        tags: ['users'],
        summary: 'Revoke sessions and app passwords of a user',
        description:
          'With occ or SQL the password stays as it is. Over HTTP alone it has to be replaced: then say `replacePassword=true`, which includes the reset mail, so that nobody is stranded.',
        params: UserParams,
        headers: Prefer,
        querystring: Type.Object(
          {
            kind: optional(
              Type.Enum(['session', 'app-password'], { description: 'Only these. Left out: both' })
            ),
            lastUsedBefore: optional(
              Type.String({ format: 'date-time', description: 'Only what was last used before' })
            ),
            ...howToRevoke,
            dryRun
          },
          { additionalProperties: false }
        ),
        response: {
          ...accepted({ revokeQueued: example.revokeQueued }, { revokeSucceeded: example.revokeSucceeded }),
          ...refusals(...cannotRevoke)
        }
      }
    },
    async (request, reply) => {
      const { kind, lastUsedBefore, dryRun: _, ...rest } = request.query
      if (lastUsedBefore) readTime('querystring/lastUsedBefore', lastUsedBefore)
      const only = { ...(kind && { kind }), ...(lastUsedBefore && { lastUsedBefore }) }
      const input = inputOf(rest, only)
      return begin(request, reply, 'revoke', request.params.userId, input)
    }
  )

  app.delete(
    '/users/:userId/tokens/:tokenId',
    {
      config: { access: 'users:revoke', idempotency: 'key' },
      schema: {
        operationId: 'revokeToken',
        tags: ['users'],
        summary: 'Revoke one session or app password',
        description: 'As `DELETE /users/{userId}/tokens`, of one.',
        params: Type.Object({
          userId: { ...UserId, examples: ['alice'] },
          tokenId: Type.Integer({
            minimum: 1,
            maximum: Number.MAX_SAFE_INTEGER,
            description: '`id` of `GET /users/{userId}/tokens`'
          })
        }),
        headers: Prefer,
        querystring: Type.Object({ ...howToRevoke, dryRun }, { additionalProperties: false }),
        response: {
          ...accepted(
            { revokeOneQueued: example.revokeOneQueued },
            { revokeOneSucceeded: example.revokeOneSucceeded }
          ),
          ...refusals(...cannotRevoke, 'unknown-token', 'token-to-be-wiped')
        }
      }
    },
    async (request, reply) => {
      const { userId, tokenId } = request.params
      const { dryRun: _, ...rest } = request.query
      await refuseUnknown(request, userId, tokenId)
      return begin(request, reply, 'revoke', userId, inputOf(rest, { tokenId }))
    }
  )

  function inputOf({ mail, ...rest }: Partial<Input>, only: NonNullable<Input['only']>): Input {
    const isAll = Object.keys(only).length === 0
    return {
      ...rest,
      ...(!isAll && { only }),
      mail: rest.replacePassword ? (mail ?? config.MAIL_VIA) : 'none',
      revoke: 'all'
    }
  }

  /** Where that can be looked up; else the operation says that it met none. @throws DomainError */
  async function refuseUnknown(request: FastifyRequest, userId: string, tokenId: number): Promise<void> {
    if (drivers.direct.length === 0 || request.idempotency?.operationId) return
    const { id } = await nextcloud.getUser(userId)
    const { tokens } = await listTokens(drivers, id)
    const token = tokens.find((each) => each.id === tokenId)
    if (!token)
      throw new DomainError('unknown-token', `The user "${id}" has no token ${tokenId}. Nothing was done.`)
    if (token.kind === 'wiped') {
      throw new DomainError(
        'token-to-be-wiped',
        `Token ${tokenId} ("${token.name}") opens nothing any more: its device will learn by it that it must erase. Without it the device would keep everything, so it is not deleted. Nothing was done.`
      )
    }
  }
}

const view = ({ id, name, kind, lastActivity }: Token) => ({
  id,
  name,
  kind,
  lastUsedAt: lastActivity?.toISOString() ?? null
})
