import Type, { type Static } from 'typebox'
import { DomainError } from '../errors.ts'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { defaultLimit, PageOf, pageQuery, readCursor, sendPage } from '../http/page.ts'
import { nextcloudProblems, problemResponses } from '../http/problem.ts'
import { UserParams } from '../http/user-id.ts'
import { isEnforcedFor } from '../nextcloud/instance.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { World } from '../world.ts'
import { groupCursor, listMembers } from './groups.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

const userMembers = {
  id: Type.String({ description: 'As Nextcloud writes it' }),
  displayName: Type.String(),
  mailAddress: Type.Union([Type.String(), Type.Null()], {
    description: 'Where Nextcloud mails to: the chosen notification address, else the main one'
  }),
  enabled: Type.Boolean(),
  backend: Type.String({ description: 'Where Nextcloud has the user from: `Database`, `LDAP` …' }),
  canSetPassword: Type.Boolean({
    description: 'False for directory users: their password is kept elsewhere'
  }),
  language: TextOrNull,
  groups: Type.Array(Type.String()),
  lastLogin: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: "A person's last login; log-ins of Locksmith to revoke sessions are left out. null: never"
  })
}
const UserView = Type.Object(userMembers, { $id: 'User', description: 'A user of Nextcloud' })
export const TwoFactorView = Type.Object({
  providers: Type.Array(Type.String(), { description: 'Second factors that the user has set up' }),
  enforced: Type.Boolean({ description: 'Whether Nextcloud asks for one in any case' })
})
const UserDetail = Type.Object(
  { ...userMembers, twoFactor: TwoFactorView },
  { $id: 'UserDetail', description: 'A user of Nextcloud, with second factors' }
)

const alice: Static<typeof UserView> = {
  id: 'alice',
  displayName: 'Alice Archer',
  mailAddress: 'alice@acme.example',
  enabled: true,
  backend: 'Database',
  canSetPassword: true,
  language: 'en',
  groups: ['acme'],
  lastLogin: '2026-11-23T16:03:11.000Z'
}
const erin: Static<typeof UserView> = {
  ...alice,
  id: 'erin',
  displayName: 'Erin Eades',
  mailAddress: 'erin@globex.example',
  backend: 'LDAP',
  canSetPassword: false,
  groups: ['globex'],
  lastLogin: null
}

const unknownGroup = (group: string) => new DomainError('unknown-group', `Nextcloud has no group "${group}".`)

export function userRoutes(app: App, world: World): void {
  const { nextcloud, ownLogins } = world
  app.addSchema(UserView)
  app.addSchema(UserDetail)

  app.get(
    '/users',
    {
      config: { access: 'users:read', groups: 'heeded' },
      schema: {
        operationId: 'listUsers',
        tags: ['users'],
        summary: 'Users of Nextcloud',
        description:
          'Nextcloud counts `limit` for each user backend, so a page can hold a few more. A key that is for some groups only sees their members; its pages can hold fewer, so go by `next`.',
        querystring: Type.Object(
          {
            search: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 200,
                description: 'Part of id, name or address, as Nextcloud searches'
              })
            ),
            group: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 64,
                pattern: '^(?!\\.+$)[^/\\\\\\u0000-\\u001f]+$',
                description: 'Members of this group only'
              })
            ),
            ...pageQuery
          },
          { additionalProperties: false }
        ),
        response: {
          200: answer('A page of users', PageOf(named(UserView)), {
            users: { items: [alice, erin], next: '2' }
          }),
          ...problemResponses(...nextcloudProblems, 'invalid-request', 'unknown-group')
        }
      }
    },
    async (request, reply) => {
      const { cursor, limit = defaultLimit, ...query } = request.query
      const own = request.caller!.groups
      if (own) {
        const { group, ...rest } = query
        if (group !== undefined && !own.includes(group)) throw unknownGroup(group)
        const within = group === undefined ? own : [group]
        const from = readCursor(cursor, groupCursor)
        const { users, next } = await listMembers(nextcloud, within, { ...rest, limit, cursor: from })
        return sendPage(reply, await Promise.all(users.map(view)), next)
      }
      const offset = Number(readCursor(cursor, /^\d{1,9}$/) ?? 0)
      const page = await nextcloud.listUsers({ ...query, limit, offset })
      if (!page) throw unknownGroup(query.group!)
      const items = await Promise.all(page.users.map(view))
      // Fewer than asked for means that no backend filled its share: nothing is behind this page.
      return sendPage(reply, items, page.received < limit ? null : String(offset + limit))
    }
  )

  app.get(
    '/users/:userId',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'getUser',
        tags: ['users'],
        summary: 'One user, with second factors',
        params: UserParams,
        response: {
          200: answer('The user as Nextcloud has it now', named(UserDetail), {
            user: { ...alice, twoFactor: { providers: [], enforced: false } }
          }),
          ...problemResponses(...nextcloudProblems, 'invalid-user-id', 'unknown-user')
        }
      }
    },
    async (request) => {
      const { userId } = request.params
      const [user, providers, enforcement] = await Promise.all([
        nextcloud.getUser(userId),
        nextcloud.twoFactorProviders(userId),
        nextcloud.twoFactorEnforcement()
      ])
      return {
        ...(await view(user)),
        twoFactor: { providers, enforced: isEnforcedFor(enforcement, user.groups) }
      }
    }
  )

  async function view({ lastLogin, ...user }: NextcloudUser): Promise<Static<typeof UserView>> {
    const own = await ownLogins.lastLoginOfPerson(user.id, lastLogin)
    return { ...user, lastLogin: own?.toISOString() ?? null }
  }
}
