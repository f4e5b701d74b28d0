import { readFailing, readLag } from '../audit/seal.sql.ts'
import { brakeStandings } from '../guard/brake.ts'
import { findStop } from '../guard/stop.sql.ts'
import { findLag } from '../integrations/webhooks/deliveries.sql.ts'
import type { Standing } from '../metrics.ts'
import { findAwaySeconds } from '../nextcloud/circuit.sql.ts'
import { countUsesByLimit } from '../nextcloud/limits.sql.ts'
import { limitsOf } from '../operations/hold.ts'
import { countUnsettled } from '../operations/operation.sql.ts'
import type { World } from '../world.ts'
import { text } from './answer.ts'
import type { App } from './fastify.ts'
import { problemResponses } from './problem.ts'

/** Some of its lines. */
const metricsExample = `# HELP locksmith_operations Operations that are not over or need attention, by state (read at each scrape)
# TYPE locksmith_operations gauge
locksmith_operations{state="needs-attention"} 1
# HELP locksmith_stopped 1 while somebody has stopped everything (read at each scrape)
# TYPE locksmith_stopped gauge
locksmith_stopped 0
`

export function metricsRoutes(app: App, world: World): void {
  const { metrics } = world

  app.get(
    '/metrics',
    {
      config: { access: 'any-key', groups: 'heeded' },
      schema: {
        operationId: 'metrics',
        tags: ['service'],
        summary: 'Prometheus metrics',
        response: {
          200: {
            description: 'In the text format of Prometheus',
            content: { 'text/plain': text({ metrics: metricsExample }) }
          },
          ...problemResponses('database-unavailable')
        }
      }
    },
    async (_request, reply) => {
      metrics.set(await readStanding(world))
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
    }
  )

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.request(request.method, route, reply.statusCode, reply.elapsedTime / 1_000)
  })
}

/** From the database alone, one after the other: Nextcloud is not asked, and a scrape takes one connection. */
async function readStanding(world: World): Promise<Standing> {
  const { pool, nextcloud } = world
  return {
    operations: await countUnsettled(pool),
    brakes: await brakeStandings(pool, limitsOf(world)),
    nextcloud: {
      awaySeconds: await findAwaySeconds(pool),
      refused: await nextcloud.areAdminsRefused()
    },
    limits: await countUsesByLimit(pool),
    audit: { ...(await readLag(pool)), failing: await readFailing(pool) },
    webhookLag: await findLag(pool),
    stopped: (await findStop(pool)) !== undefined
  }
}
