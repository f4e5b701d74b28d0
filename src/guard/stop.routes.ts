import Type, { type Static } from 'typebox'
import { actorOf } from '../http/access.ts'
import { answer, named } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { storable } from '../http/forms.ts'
import { problemResponses } from '../http/problem.ts'
import type { World } from '../world.ts'
import { findStop, type Stop } from './stop.sql.ts'
import { resumeAll, stopAll } from './stop.ts'

const StopView = Type.Object(
  {
    stopped: Type.Boolean(),
    since: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    by: Type.Union([Type.String(), Type.Null()], { description: 'The API key, or `host`: its command line' }),
    reason: Type.Union([Type.String(), Type.Null()])
  },
  { $id: 'Stop', description: 'Whether anything is done to anybody' }
)
type StopView = Static<typeof StopView>

const whenStopped: StopView = {
  stopped: true,
  since: '2026-11-23T16:03:11.482Z',
  by: 'key:first',
  reason: 'wrong list of leavers'
}
const whenNot: StopView = { stopped: false, since: null, by: null, reason: null }

const again = { none: 'a second one finds it done' }
const refusals = problemResponses(
  'invalid-request',
  'malformed-json',
  'body-too-large',
  'unsupported-media-type'
)

export function stopRoutes(app: App, world: World): void {
  const { pool, log } = world
  app.addSchema(StopView)

  app.post(
    '/stop',
    {
      config: { access: 'admin', idempotency: again },
      schema: {
        operationId: 'stop',
        tags: ['service'],
        summary: 'Stop everything',
        description:
          'Once this is answered, no replica begins a step that changes anything: steps that are at work end, and operations wait with the problem `stopped`, as long as it takes. Requests that change users are refused; reading, and cancelling operations, goes on. A user who was let in for a log-in of ours is disabled again. A second stop leaves the first as it is. The same on the host: `locksmith host stop`.',
        body: Type.Object(
          {
            reason: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 500,
                pattern: storable,
                description: 'Why; kept in the audit, and told to whoever is refused'
              })
            )
          },
          { additionalProperties: false, examples: [{ reason: 'wrong list of leavers' }] }
        ),
        response: {
          200: answer('It is stopped', named(StopView), { stopAnswered: whenStopped }),
          ...refusals
        }
      }
    },
    async (request) => {
      const { reason } = request.body
      const stop = await stopAll(pool, { actor: actorOf(request), requestId: request.id }, reason)
      log.warn({ by: stop.by, reason: stop.reason }, 'stopped: nothing is done until POST /resume')
      return view(stop)
    }
  )

  app.post(
    '/resume',
    {
      config: { access: 'admin', idempotency: again },
      schema: {
        operationId: 'resume',
        tags: ['service'],
        summary: 'Go on after a stop',
        description:
          'What waits goes on within a second. Cancel before what had better not. The same on the host: `locksmith host resume`.',
        response: { 200: answer('It is not stopped', named(StopView), { resumeAnswered: whenNot }) }
      }
    },
    async (request) => {
      await resumeAll(pool, { actor: actorOf(request), requestId: request.id })
      log.warn({ by: actorOf(request) }, 'resumed')
      return view(undefined)
    }
  )

  app.get(
    '/stop',
    {
      config: { access: 'any-key' },
      schema: {
        operationId: 'getStop',
        tags: ['service'],
        summary: 'Whether it is stopped, since when, and why',
        response: {
          200: answer('As it is now', named(StopView), { isStopped: whenStopped, isNotStopped: whenNot })
        }
      }
    },
    async () => view(await findStop(pool))
  )
}

const view = (stop: Stop | undefined): StopView => ({
  stopped: stop !== undefined,
  since: stop?.since.toISOString() ?? null,
  by: stop?.by ?? null,
  reason: stop?.reason ?? null
})
