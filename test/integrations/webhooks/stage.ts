import { randomBytes } from 'node:crypto'
import type { Test } from 'tap'
import type { Pool } from '../../../src/db/pool.ts'
import { waitsForOlder } from '../../../src/integrations/webhooks/delivery.sql.ts'
import { type DeliveryOptions, startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { announce } from '../../../src/integrations/webhooks/outbox.sql.ts'
import { dump, findCanaries, watchedLog } from '../../support/canaries.ts'
import { advanceClock } from '../../support/clock.ts'
import { eventually, type Locksmith, type Options, startLocksmith } from '../../support/locksmith.ts'
import { type Receiver, type Reply, startReceiver } from './receiver.ts'

export const makeKey = () => randomBytes(32).toString('base64')

export type Stage = Locksmith & {
  /** A receiver, and the webhook that leads to it. */
  hook(reply?: Reply, body?: object): Promise<{ receiver: Receiver; id: string; secret: string }>
  /** So many events that are nobody's business, all at once. */
  tell(count?: number): Promise<void>
  /** The clock of the database goes so much further from where it is now. */
  pass(seconds: number): Promise<void>
  deliveries(id: string): Promise<DeliveryRow[]>
  /** Once nothing is under way, or due where anything is sent. */
  quiet(): Promise<void>
  /** All webhooks go, for the next test. */
  clear(): Promise<void>
}

export type DeliveryRow = {
  id: string
  state: string
  attempts: number
  result: string | null
  claim: string | null
  /** Seconds from its last try to its next. */
  pause: number | null
}

/** A Locksmith that tells receivers on this host. No secret of theirs is written anywhere in the clear. */
export async function startStage(
  t: Test,
  { loop = {}, ...options }: Options & { loop?: DeliveryOptions | false } = {}
): Promise<Stage> {
  const watched = watchedLog()
  const secrets: string[] = []
  const key = options.env?.WEBHOOK_ENCRYPTION_KEY ?? makeKey()
  const locksmith = await startLocksmith(t, {
    worker: false,
    log: watched.log,
    ...options,
    env: { WEBHOOK_ENCRYPTION_KEY: key, OUTBOUND_ALLOW: '127.0.0.1', ...options.env }
  })
  const { world, sandbox, call } = locksmith
  const { pool } = world
  t.teardown(async () => {
    const places = {
      'log line': watched.lines.join(''),
      table: await dump(pool),
      metric: await world.metrics.registry.metrics()
    }
    for (const leak of findCanaries(
      [...key.split('\n').filter(Boolean), ...secrets, ...secrets.map((each) => each.slice(6))],
      places
    ))
      t.fail(leak)
  })
  if (loop) {
    const running = startDeliveries(world, { everyMs: 20, ...loop })
    t.teardown(() => running.stop())
  }
  let ahead = 0
  return {
    ...locksmith,
    async hook(reply, body = {}) {
      const receiver = await startReceiver(t, reply)
      const made = await call('POST', '/webhooks', { body: { url: receiver.url, ...body } })
      if (made.status !== 201) throw new Error(made.text)
      receiver.secret = made.body.secret
      secrets.push(made.body.secret)
      return { receiver, id: made.body.id, secret: made.body.secret }
    },
    tell: (count = 1) => tell(pool, count),
    async pass(seconds) {
      ahead += seconds
      await advanceClock(pool, sandbox, ahead)
    },
    deliveries: (id) => deliveriesOf(pool, id),
    async quiet() {
      await eventually(
        () =>
          pool.query(
            `SELECT FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
              WHERE claim IS NOT NULL
                 OR (state = 'pending' AND next_at <= locksmith_now() AND coalesce(disabled_at, paused_at) IS NULL
                     AND NOT ${waitsForOlder('d')}
                     AND (quiet_until IS NULL OR quiet_until <= locksmith_now()))`
          ),
        ({ rowCount }) => rowCount === 0
      )
    },
    async clear() {
      await pool.query('DELETE FROM webhook_endpoint')
    }
  }
}

export const tell = (pool: Pool, count = 1): Promise<void> =>
  announce(pool, ...Array.from({ length: count }, () => ({ type: 'service.resumed', data: {} }) as const))

export async function deliveriesOf(pool: Pool, id: string): Promise<DeliveryRow[]> {
  const { rows } = await pool.query<DeliveryRow>(
    `SELECT id, state, attempts, result, claim, extract(epoch FROM next_at - tried_at)::float8 AS pause
       FROM webhook_delivery WHERE endpoint_id = $1 ORDER BY id`,
    [id]
  )
  return rows
}
