import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '../errors.ts'
import { text } from '../http/answer.ts'
import type { App } from '../http/fastify.ts'
import { problemResponses } from '../http/problem.ts'
import type { World } from '../world.ts'
import { open } from './campaign.examples.ts'
import { CampaignParams, viewOfCampaign } from './campaign.routes.ts'

/** How often it is looked whether anything has changed; and how long nothing may be said. Milliseconds. */
const everyMs = 1_000
const silentMs = 15_000

/** In one process. */
const mostWatchers = 100

const eventOf = (campaign: string) => `event: campaign\ndata: ${campaign}\n\n`
const over = new Set(['ended', 'cancelled'])

/** Server-sent events (WHATWG HTML, 9.2): the campaign each time that it changed, as `GET /campaigns/{id}` shows it. */
export function eventRoutes(app: App, world: World): void {
  let watchers = 0

  app.get(
    '/campaigns/:campaignId/events',
    {
      config: { access: 'campaigns:read' },
      schema: {
        operationId: 'watchCampaign',
        tags: ['campaigns'],
        summary: 'Watch a campaign',
        description:
          'Server-sent events: `event: campaign` with the campaign as `data`, at once and each time it changed, at most once a second. It ends with the campaign.',
        params: CampaignParams,
        response: {
          200: {
            description: 'A stream that goes on',
            content: { 'text/event-stream': text({ campaignEvents: eventOf(JSON.stringify(open)) }) }
          },
          ...problemResponses('invalid-request', 'unknown-campaign', 'rate-limited')
        }
      }
    },
    async (request, reply) => {
      const { campaignId } = request.params
      if (watchers >= mostWatchers)
        throw new DomainError(
          'rate-limited',
          `${mostWatchers} callers watch campaigns here already. Ask for the campaign now and then instead.`
        )
      const first = await viewOfCampaign(world.pool, campaignId)
      const stream = new PassThrough()
      watchers++
      const gone = new AbortController()
      const leave = () => gone.abort()
      request.raw.socket.once('close', leave)
      stream.once('close', leave)
      const confirm = () => app.confirmCaller(request)
      void watch(world, campaignId, first, { stream, confirm }, gone.signal).finally(() => {
        watchers--
        request.raw.socket.off('close', leave)
        stream.end()
      })
      return reply
        .header('content-type', 'text/event-stream')
        .header('x-accel-buffering', 'no')
        .send(stream as never)
    }
  )
}

/** @property confirm @throws DomainError unauthorized where the key is good no longer */
type Watcher = { stream: PassThrough; confirm(): Promise<void> }

async function watch(
  { pool, draining, log }: World,
  id: string,
  first: object & { state: string },
  { stream, confirm }: Watcher,
  gone: AbortSignal
): Promise<void> {
  const look = async () => {
    await confirm()
    return viewOfCampaign(pool, id)
  }
  let view: typeof first | undefined = first
  let told = ''
  let saidAt = performance.now()
  const say = (text: string) => {
    saidAt = performance.now()
    // Whoever does not read is not written to.
    return stream.write(text) || stream.writableLength < 1_000_000
  }
  while (!gone.aborted && !draining()) {
    const now = JSON.stringify(view)
    if (now !== told) {
      told = now
      if (!say(eventOf(now))) return
    } else if (performance.now() - saidAt > silentMs && !say(': still here\n\n')) return
    if (over.has(view.state)) return
    await sleep(everyMs, undefined, { signal: gone }).catch(() => {})
    if (gone.aborted) return
    const before: typeof first = view
    view = await look().catch((error) => {
      if (error instanceof DomainError && error.code === 'unauthorized') return undefined
      log.info({ err: error }, 'a watched campaign could not be read: again in a second')
      return before
    })
    // Its key was revoked.
    if (!view) return
  }
}
