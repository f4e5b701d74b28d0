import Type, { type Static } from 'typebox'
import { findStop } from '../guard/stop.sql.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { World } from '../world.ts'
import { answer, named } from './answer.ts'
import type { App } from './fastify.ts'
import { problemResponses } from './problem.ts'

const Check = Type.Object({
  ok: Type.Boolean(),
  detail: Type.String({ description: 'What is wrong, or what was found' })
})
const Readiness = Type.Object(
  { ready: Type.Boolean(), checks: Type.Object({ database: Check, nextcloud: Check, jobs: Check }) },
  { $id: 'Readiness', description: 'Whether work would go on right now' }
)
const ReadyQuery = Type.Object({
  nextcloud: Type.Optional(
    Type.Enum(['needed', 'optional'], {
      default: 'needed',
      description: '`optional`: ready also while Nextcloud is away; what is known of it is said all the same'
    })
  )
})
const whenReady: Static<typeof Readiness> = {
  ready: true,
  checks: {
    database: { ok: true, detail: 'answers' },
    nextcloud: { ok: true, detail: 'Nextcloud 34.0.1' },
    jobs: { ok: true, detail: 'running' }
  }
}
const whenNot: Static<typeof Readiness> = {
  ready: false,
  checks: {
    ...whenReady.checks,
    nextcloud: { ok: false, detail: 'Nextcloud could not be reached (ECONNREFUSED). Nothing was sent.' }
  }
}

type Check = { ok: boolean; detail: string }

/** Nextcloud is asked once in this time, however often we are. */
const rememberMs = 5_000

export function healthRoutes(app: App, world: World): void {
  app.addSchema(Readiness)
  let asked: { at: number; check: Promise<Check> } | undefined

  app.get(
    '/health/live',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'live',
        tags: ['service'],
        summary: 'The process answers',
        security: [],
        response: {
          200: answer('It does', Type.Object({ live: Type.Literal(true) }), { live: { live: true } })
        }
      }
    },
    async () => ({ live: true as const })
  )

  app.get(
    '/health/ready',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'ready',
        tags: ['service'],
        summary: 'Database, Nextcloud and jobs are at hand',
        description:
          'Nextcloud is asked for `/status.php`, never with credentials. While it is away, requests are still taken: they wait and go on by themselves. So a load balancer asks with `nextcloud=optional`, or nobody could say anything to any replica then.',
        security: [],
        querystring: ReadyQuery,
        response: {
          200: answer('Work goes on', named(Readiness), { ready: whenReady }),
          ...problemResponses('invalid-request'),
          503: answer('Something is missing', named(Readiness), { notReady: whenNot })
        }
      }
    },
    async (request, reply) => {
      const [database, nextcloud] = await Promise.all([checkDatabase(), checkNextcloud()])
      const checks = { database, nextcloud, jobs: checkJobs() }
      const isOptional = request.query.nextcloud === 'optional'
      const ready = Object.entries(checks).every(
        ([name, { ok }]) => ok || (isOptional && name === 'nextcloud')
      )
      return reply.code(ready ? 200 : 503).send({ ready, checks })
    }
  )

  async function checkDatabase(): Promise<Check> {
    try {
      const stop = await findStop(world.pool)
      // Somebody wants it so, and requests to read are answered: no reason to send callers elsewhere.
      const stopped = stop
        ? `; stopped since ${stop.since.toISOString()}: nothing is done until POST /resume, see /problems/stopped`
        : ''
      return { ok: true, detail: `answers${stopped}` }
    } catch {
      return { ok: false, detail: 'does not answer' }
    }
  }

  async function checkNextcloud(): Promise<Check> {
    if (!asked || performance.now() - asked.at > rememberMs)
      asked = { at: performance.now(), check: askNextcloud() }
    return asked.check
  }

  async function askNextcloud(): Promise<Check> {
    try {
      const { version, maintenance } = await world.nextcloud.status()
      if (maintenance) return { ok: false, detail: `Nextcloud ${version} is in maintenance mode` }
      // Requests are still taken, so this is no reason to send callers elsewhere; but it should be seen.
      const refused = (await world.nextcloud.areAdminsRefused())
        ? ', which refused the admin account: operations wait, see /problems/nextcloud-credentials-refused'
        : ''
      return { ok: true, detail: `Nextcloud ${version}${refused}` }
    } catch (error) {
      return { ok: false, detail: error instanceof NextcloudError ? error.message : 'cannot be asked' }
    }
  }

  function checkJobs(): Check {
    if (world.draining()) return { ok: false, detail: 'shutting down' }
    return world.presence.key() === undefined
      ? { ok: false, detail: 'the connection to the database is being restored' }
      : { ok: true, detail: 'running' }
  }
}
