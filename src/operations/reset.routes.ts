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
import * as example from './operation.examples.ts'
import { Revoke } from './operation.schema.ts'

const optional = Type.Optional

export function resetRoutes(app: App, world: World): void {
  const { config } = world
  const { begin } = operationAnswers(world)

  app.post(
    '/users/:userId/reset',
    {
      config: { access: 'users:reset', idempotency: 'key' },
      schema: {
        operationId: 'resetUser',
        tags: ['users'],
        summary: 'Reset a user',
        description:
          'Replaces the password by a random one that nobody knows, revokes every session and app password, kills a reset link mailed earlier, and has the reset mail sent. Where that cannot work, it is refused before anything is changed. Users of a directory (LDAP, SAML, OIDC) keep their password and get no mail: the steps say so.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object(
          {
            reason: optional(reason),
            revoke: optional({ ...Revoke, default: 'all' }),
            ...replacing(config.MAIL_VIA)
          },
          { additionalProperties: false, examples: [{ reason: 'phone lost' }] }
        ),
        response: {
          ...accepted({ resetQueued: example.resetQueued }, { resetSucceeded: example.resetSucceeded }),
          ...refusals('user-disabled', ...cannotReplace)
        }
      }
    },
    async (request, reply) => {
      const { mail = config.MAIL_VIA, revoke = 'all', ...rest } = request.body
      return begin(request, reply, 'reset', request.params.userId, { ...rest, mail, revoke })
    }
  )

  app.post(
    '/users/:userId/reset-mail',
    {
      config: { access: 'users:reset', idempotency: 'key' },
      schema: {
        operationId: 'sendResetMail',
        tags: ['users'],
        summary: 'Have the "forgot password" mail sent',
        description:
          'Asks Nextcloud for its reset mail and changes nothing else: password, sessions and app passwords stay as they are.',
        params: UserParams,
        headers: Prefer,
        querystring: DryRunQuery,
        body: Type.Object(
          { reason: optional(reason) },
          { additionalProperties: false, examples: [{ reason: 'asked by phone' }] }
        ),
        response: {
          ...accepted(
            { resetMailQueued: example.resetMailQueued },
            { resetMailSucceeded: example.resetMailSucceeded }
          ),
          ...refusals('user-disabled', 'password-reset-off', 'no-mail-address', 'cannot-set-password')
        }
      }
    },
    async (request, reply) =>
      begin(request, reply, 'reset-mail', request.params.userId, {
        ...request.body,
        mail: 'nextcloud',
        revoke: 'none'
      })
  )
}
