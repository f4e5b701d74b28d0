import Type from 'typebox'
import type { App } from '../http/fastify.ts'
import { UserParams } from '../http/user-id.ts'
import type { World } from '../world.ts'
import {
  accepted,
  cannotReplace,
  operationAnswers,
  Prefer,
  reason,
  refusals,
  replacing
} from './begin.routes.ts'
import { DryRunQuery } from './dry-run.schema.ts'
import * as example from './offboarding.examples.ts'
import { options } from './options.schema.ts'

const optional = Type.Optional
const All = Type.Enum(['all', 'none'], {
  description:
    '`all`: nothing from before comes back. `none`: sessions and app passwords work again, as Nextcloud itself would have it'
})
const strict = { additionalProperties: false } as const

export function offboardingRoutes(app: App, world: World): void {
  const { config } = world
  const { begin } = operationAnswers(world)

  app.post(
    '/users/:userId/disable',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'disableUser',
        tags: ['users'],
        summary: 'Disable a user',
        description:
          'Nobody gets in as the user until it is enabled. It revokes nothing: sessions and app passwords sleep, and `enable` ends them before they wake. For a leaver, `offboard`.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object({ reason: optional(reason) }, { ...strict, examples: [{ reason: 'on leave' }] }),
        response: {
          ...accepted(
            { disableQueued: example.disableQueued },
            { disableSucceeded: example.disableSucceeded }
          ),
          ...refusals()
        }
      }
    },
    async (request, reply) =>
      begin(request, reply, 'disable', request.params.userId, {
        ...request.body,
        mail: 'none',
        revoke: 'none'
      })
  )

  app.post(
    '/users/:userId/enable',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'enableUser',
        tags: ['users'],
        summary: 'Enable a user',
        description:
          'Nothing from before comes back. With occ or SQL sessions and app passwords are revoked first, and the password stays; over HTTP alone the password is replaced, the user enabled, everything revoked at once, and the reset mail sent. A deletion that was put off is cancelled.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object(
          {
            reason: optional(reason),
            revoke: optional({ ...All, default: 'all' }),
            ...replacing(config.MAIL_VIA)
          },
          { ...strict, examples: [{ reason: 'back from leave' }] }
        ),
        response: {
          ...accepted({ enableQueued: example.enableQueued }, { enableSucceeded: example.enableSucceeded }),
          ...refusals(...cannotReplace, 'revocation-unavailable')
        }
      }
    },
    async (request, reply) => {
      const { mail = config.MAIL_VIA, revoke = 'all', ...rest } = request.body
      return begin(request, reply, 'enable', request.params.userId, { ...rest, mail, revoke })
    }
  )

  app.post(
    '/users/:userId/wipe',
    {
      config: { access: 'users:wipe', idempotency: 'key' },
      schema: {
        operationId: 'wipeDevices',
        tags: ['users'],
        summary: "Wipe a user's devices",
        description:
          'Every browser and app is signed out, and told to erase what it has synchronised when it next calls. Only what is still signed in can be told: wipe before you revoke. The password stays as it is.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object(
          { reason: optional(reason) },
          { ...strict, examples: [{ reason: 'laptop stolen' }] }
        ),
        response: {
          ...accepted({ wipeQueued: example.wipeQueued }, { wipeSucceeded: example.wipeSucceeded }),
          ...refusals()
        }
      }
    },
    async (request, reply) =>
      begin(request, reply, 'wipe', request.params.userId, { ...request.body, mail: 'none', revoke: 'none' })
  )

  app.post(
    '/users/:userId/offboard',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'offboardUser',
        tags: ['users'],
        summary: 'Off-board a leaver',
        description:
          'Locks the user out: disabled, the password replaced by one that nobody knows, every session and app password revoked. What else is asked for comes after. It goes as far as it can: what cannot be done for this user (a directory, a second factor) keeps nothing else from being done, and ends it as `needs-attention` with what to set. `residualAccess` says what is left.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object(
          {
            reason: optional(reason),
            twoFactor: optional(options.twoFactor),
            wipe: optional(options.wipe),
            passkeys: optional(options.passkeys),
            shares: optional(options.shares),
            groups: optional(options.groups),
            manager: optional(options.manager),
            deleteAfter: optional(options.deleteAfter),
            acceptDataLoss: optional(options.acceptDataLoss)
          },
          { ...strict, examples: [{ reason: 'left the company' }] }
        ),
        response: {
          ...accepted(
            { offboardQueued: example.offboardQueued },
            {
              offboardSucceeded: example.offboardSucceeded,
              offboardNeedsAttention: example.offboardNeedsAttention
            }
          ),
          ...refusals('smtp-not-configured', 'revocation-unavailable')
        }
      }
    },
    async (request, reply) =>
      begin(request, reply, 'offboard', request.params.userId, {
        ...request.body,
        mail: 'none',
        revoke: 'all'
      })
  )

  app.post(
    '/users/:userId/reinstate',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'reinstateUser',
        tags: ['users'],
        summary: 'Let a leaver come back',
        description:
          'Cancels a deletion that was put off, enables the user with nothing from before, and has the reset mail sent.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object(
          {
            reason: optional(reason),
            restoreGroups: optional(options.restoreGroups),
            ...replacing(config.MAIL_VIA)
          },
          { ...strict, examples: [{ reason: 'rehired' }] }
        ),
        response: {
          ...accepted(
            { reinstateQueued: example.reinstateQueued },
            { reinstateSucceeded: example.reinstateSucceeded }
          ),
          ...refusals(...cannotReplace, 'revocation-unavailable')
        }
      }
    },
    async (request, reply) => {
      const { mail = config.MAIL_VIA, ...rest } = request.body
      return begin(request, reply, 'reinstate', request.params.userId, { ...rest, mail, revoke: 'all' })
    }
  )
}
