import Type from 'typebox'
import { needScopes } from '../../http/access.ts'
import { named } from '../../http/answer.ts'
import type { App } from '../../http/fastify.ts'
import { nextcloudProblems, withProblems } from '../../http/problem.ts'
import { UserParams } from '../../http/user-id.ts'
import { Prefer, refusals as refusalsOfUser } from '../../operations/begin.routes.ts'
import { scopesOf } from '../../operations/scopes.ts'
import type { World } from '../../world.ts'
import { clientOf } from './client.ts'
import * as example from './examples.ts'
import { readPatch } from './patch.ts'
import { project } from './projection.ts'
import { answer, bodyOf, ChangeQuery, ScimUser } from './schema.ts'
import { readUser } from './statement.ts'
import { mediaType } from './urns.ts'

const consumes = [mediaType, 'application/json']
const location = { location: { type: 'string', description: 'Where the user is' } } as const

const refusals = refusalsOfUser(
  ...nextcloudProblems,
  'no-mail-address',
  'cannot-set-password',
  'two-factor-user',
  'two-factor-enforced',
  'encryption-per-user-keys',
  'password-reset-off',
  'smtp-not-configured',
  'revocation-unavailable'
)

const whatItDoes =
  '`active: false` off-boards: locked out, every session and app password revoked. `active: true` reinstates. `externalId` is kept. Everything else is taken and left as Nextcloud has it, which is what is answered.'

/** What changes a user. It is recorded before it is answered; the rest goes on by itself. */
export function changeRoutes(app: App, world: World): void {
  app.post(
    '/Users',
    {
      config: { access: 'users:offboard', idempotency: 'key', groups: 'heeded' },
      schema: {
        operationId: 'scimAssignUser',
        tags: ['scim'],
        summary: 'Link a user that Nextcloud has',
        description: `Found by \`userName\`, else by a mail address that only one user has. No account is made: that is left to Nextcloud's own login. ${whatItDoes}`,
        consumes,
        headers: Prefer,
        querystring: ChangeQuery,
        body: bodyOf('A user', example.assigned),
        response: {
          201: answer('Linked', named(ScimUser), { scimLinked: example.user }, location),
          ...refusals
        }
      }
    },
    async (request, reply) => {
      const client = clientOf(app, world, request)
      const user = await client.assign(readUser(request.body))
      const { location } = user.meta as { location: string }
      return reply
        .code(201)
        .header('location', location)
        .send(project(user, request.query) as never)
    }
  )

  app.put(
    '/Users/:userId',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'scimReplaceUser',
        tags: ['scim'],
        summary: 'Say how a user is',
        description: `${whatItDoes} A whole user says \`active: true\` whatever it is about, so here it reinstates only whom a client of the same owner had off-boarded.`,
        consumes,
        params: UserParams,
        headers: Prefer,
        querystring: ChangeQuery,
        body: bodyOf('The whole user', example.replaced),
        response: {
          200: answer('Recorded, and the user as it is now', named(ScimUser), { scimLeaver: example.leaver }),
          ...refusals
        }
      }
    },
    async (request, reply) => {
      const client = clientOf(app, world, request)
      const user = await client.change(request.params.userId, readUser(request.body), false)
      return reply.send(project(user, request.query) as never)
    }
  )

  app.patch(
    '/Users/:userId',
    {
      config: { access: 'users:offboard', idempotency: 'key' },
      schema: {
        operationId: 'scimPatchUser',
        tags: ['scim'],
        summary: 'Deactivate or reactivate a user',
        description: `${whatItDoes} Above a brake the off-boarding waits for an approval, and \`active\` stays true until then.`,
        consumes,
        params: UserParams,
        headers: Prefer,
        querystring: ChangeQuery,
        body: bodyOf(
          'Operations (RFC 7644, 3.5.2), at most 100',
          example.deactivation,
          example.entraDeactivation
        ),
        response: {
          200: answer('Recorded, and the user as it is now', named(ScimUser), {
            scimLeaver: example.leaver,
            scimHeld: example.held
          }),
          ...refusals
        }
      }
    },
    async (request, reply) => {
      const client = clientOf(app, world, request)
      const user = await client.change(request.params.userId, readPatch(request.body), true)
      return reply.send(project(user, request.query) as never)
    }
  )

  app.delete(
    '/Users/:userId',
    {
      config: { access: 'users:delete', idempotency: 'key' },
      schema: {
        operationId: 'scimDeleteUser',
        tags: ['scim'],
        summary: 'Off-board a user, and delete the account later',
        description:
          'After `SCIM_DELETE_AFTER`, unless the user comes back. From then on it is 404 for clients of the same owner. Needs the scope `users:offboard`, too. Above a brake it is 409 until the off-boarding is approved.',
        params: UserParams,
        headers: Prefer,
        querystring: ChangeQuery,
        response: {
          204: Type.Null({ description: 'The off-boarding and the deletion are recorded' }),
          ...withProblems(refusals, 'awaiting-approval')
        }
      }
    },
    async (request, reply) => {
      const client = clientOf(app, world, request)
      const after = world.config.SCIM_DELETE_AFTER
      await client.remove(request.params.userId, after, () =>
        needScopes(request, scopesOf('offboard', { deleteAfter: after, mail: 'none', revoke: 'all' }))
      )
      return reply
        .removeHeader('content-type')
        .code(204)
        .send(null as never)
    }
  )
}
