import Type, { type Static } from 'typebox'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { remembered } from '../nextcloud/remembered.ts'
import type { World } from '../world.ts'
import { findingStates } from './check.ts'
import { whenMended, whenWrong } from './doctor.examples.ts'
import { examine } from './doctor.ts'
import { type Subject, verifyBouncesOf } from './gather.ts'

const FindingView = Type.Object(
  {
    name: Type.String({ description: 'Stable: `admin-account`, `allow-list` …' }),
    about: Type.Optional(
      Type.String({ description: 'Which one, where a check is made of several: an account, a driver' })
    ),
    state: Type.Enum(findingStates, {
      description:
        '`unknown`: could not be asked; `skipped`: not asked, since it is not set or something else is down'
    }),
    found: Type.String(),
    means: Type.Optional(Type.String({ description: 'What follows from it for resets' })),
    mend: Type.Optional(Type.String({ description: 'The exact command or setting' }))
  },
  { $id: 'Finding', description: 'What one check came to' }
)
const ReportView = Type.Object(
  {
    state: Type.Enum(['ok', 'warning', 'error'], {
      description: 'The worst of all findings; what is `unknown` counts as a warning'
    }),
    checkedAt: Type.String({ format: 'date-time' }),
    locksmith: Type.String({ description: 'The version of Locksmith' }),
    nextcloud: Type.Union([Type.String(), Type.Null()], { description: 'Its version; null: it did not say' }),
    findings: Type.Array(Type.Unsafe<Static<typeof FindingView>>({ $ref: 'Finding#' }))
  },
  { $id: 'DoctorReport', description: 'What is right and what is wrong, and what mends it' }
)

/** However often we are asked, Nextcloud is asked once in this time. */
const rememberMs = 10_000

export function doctorRoutes(app: App, world: World): void {
  app.addSchema(FindingView)
  app.addSchema(ReportView)
  const report = remembered(rememberMs, () => examine(subjectOf(world)))

  app.get(
    '/doctor',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'doctor',
        tags: ['service'],
        summary: 'What is wrong, what it means, and what mends it',
        description:
          'Examines Nextcloud, the admin accounts, limits, mail, second factors, and the database of Locksmith. It changes nothing and takes some seconds, half a minute at most; the answer is given again for 10 s. A credential that was refused is not sent again. The same on the command line: `locksmith host doctor`.',
        response: {
          200: answer(
            'Everything that was found',
            named(ReportView),
            { doctor: whenMended, doctorWrong: whenWrong },
            {
              'Cache-Control': { type: 'string', description: 'no-store' }
            }
          )
        }
      }
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send(await report())
  )
}

/** What is examined in a process that serves. */
export const subjectOf = ({
  config,
  pool,
  auditKeys,
  nextcloud,
  mailer,
  drivers,
  vault,
  transmitter
}: World): Subject => ({
  config,
  vault,
  canSign: transmitter !== undefined,
  simulated: config.nextcloud === undefined,
  pool,
  auditKeys,
  nextcloud,
  verifySmtp: mailer?.verify,
  verifyBounces: verifyBouncesOf(config),
  drivers: [drivers.session(nextcloud), ...drivers.direct]
})
