import Type from 'typebox'
import { answer } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { nextcloudProblems, problemResponses } from '../http/problem.ts'
import { UserParams } from '../http/user-id.ts'
import { isEnforcedFor } from '../nextcloud/instance.ts'
import { choose, type Drivers } from '../revocation/choose.ts'
import { driverNames } from '../revocation/driver.ts'
import { RevocationError } from '../revocation/errors.ts'
import { TwoFactorView } from '../users/user.routes.ts'
import type { World } from '../world.ts'
import * as example from './offboarding.examples.ts'
import { known } from './operation.schema.ts'
import { findAhead } from './operation.sql.ts'
import { type Known, kinds, states } from './operation.ts'

const Time = Type.String({ format: 'date-time' })

const AccessView = Type.Object(
  {
    id: Type.String({ description: 'As Nextcloud writes it' }),
    enabled: Type.Boolean(),
    backend: Type.String({ description: 'Where Nextcloud has the user from: `Database`, `LDAP` …' }),
    canSetPassword: Type.Boolean({ description: 'False for directory users' }),
    twoFactor: TwoFactorView,
    lastLogin: Type.Union([Time, Type.Null()], {
      description: "A person's last login; log-ins of Locksmith are left out. null: never"
    }),
    tokens: Type.Object(
      {
        sessions: known('Browser sessions'),
        appPasswords: known('App passwords'),
        wipePending: known('Devices that have yet to erase')
      },
      { description: 'Needs `OCC_COMMAND` or `NEXTCLOUD_DATABASE_URL`; else `unknown`' }
    ),
    resetLink: known('1: a link to a new password is pending'),
    revocation: Type.Object(
      {
        driver: Type.Union([Type.Enum([...driverNames]), Type.Null()]),
        because: Type.String({ description: 'Why this one, or what is in the way' })
      },
      { description: 'How sessions and app passwords would be revoked, if the password may be replaced' }
    ),
    operations: Type.Array(
      Type.Object({
        operation: Type.String({ description: 'Path of the operation' }),
        kind: Type.Enum([...kinds]),
        state: Type.Enum([...states]),
        resumeAt: Type.Union([Time, Type.Null()])
      }),
      { description: 'What works on the user, or will: a deletion that was put off' }
    )
  },
  { $id: 'UserAccess', description: 'What access a user has now' }
)

export function userAccessRoutes(app: App, world: World): void {
  const { nextcloud, ownLogins, pool, drivers } = world

  app.get(
    '/users/:userId/access',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'getUserAccess',
        tags: ['users'],
        summary: 'What access a user has now',
        description:
          'Asked right now, and nothing is changed. What cannot be seen from outside is `unknown`.',
        params: UserParams,
        response: {
          200: answer('As it is now', AccessView, { access: example.access }),
          ...problemResponses(...nextcloudProblems, 'invalid-user-id', 'unknown-user')
        }
      }
    },
    async (request) => {
      const { userId } = request.params
      const [user, providers, instance] = await Promise.all([
        nextcloud.getUser(userId),
        nextcloud.twoFactorProviders(userId),
        nextcloud.instance()
      ])
      const { id, enabled, backend, canSetPassword } = user
      const enforced = isEnforcedFor(instance.enforcement, user.groups)
      const [lastLogin, seen, choice, ahead] = await Promise.all([
        ownLogins.lastLoginOfPerson(id, user.lastLogin),
        look(drivers, id),
        choose(drivers, { user, providers, enforced, removesSecondFactors: false }),
        findAhead(pool, id)
      ])
      return {
        id,
        enabled,
        backend,
        canSetPassword,
        twoFactor: { providers, enforced },
        lastLogin: lastLogin?.toISOString() ?? null,
        ...seen,
        revocation:
          'refused' in choice
            ? { driver: null, because: choice.refused.because }
            : { driver: choice.name, because: choice.because },
        operations: ahead.map(({ id: operation, resumeAt, ...rest }) => ({
          operation: `/operations/${operation}`,
          ...rest,
          resumeAt: resumeAt?.toISOString() ?? null
        }))
      }
    }
  )
}

type Seen = { tokens: { sessions: Known; appPasswords: Known; wipePending: Known }; resetLink: Known }

async function look({ direct, probe }: Drivers, userId: string): Promise<Seen> {
  for (const driver of direct) {
    if (!(await probe(driver)).works) continue
    try {
      const tokens = await driver.list!(userId)
      const countOf = (wanted: string) => tokens.filter(({ kind }) => kind === wanted).length
      return {
        tokens: {
          sessions: countOf('session'),
          appPasswords: countOf('app-password'),
          wipePending: countOf('wiped')
        },
        resetLink: (await driver.hasResetLink!(userId)) ? 1 : 0
      }
    } catch (error) {
      if (!(error instanceof RevocationError)) throw error
    }
  }
  return {
    tokens: { sessions: 'unknown', appPasswords: 'unknown', wipePending: 'unknown' },
    resetLink: 'unknown'
  }
}
