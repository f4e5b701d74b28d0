import t, { type Test } from 'tap'
import { appendAudit, listAudit } from '../../../src/audit/audit.sql.ts'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { webhookOf } from '../../../src/integrations/webhooks/event.ts'
import { createRandom } from '../../faults/harness/random.ts'
import { firstSeed, passes } from '../../faults/harness/results.ts'
import { people, unlimited } from '../../support/campaigns.ts'
import { runClock } from '../../support/clock.ts'
import { killsOf, play, settled } from './killing.ts'
import type { Receiver } from './receiver.ts'
import { makeKey, type Stage, startStage } from './stage.ts'

/** In CI a sample; `test:long` plays 1,000. The same ones again: `FAULT_SEED=<seed>`. */
const count = Number(process.env.KILLS ?? (passes < 1 ? 6 : 40))
const rounds = Math.ceil(passes)

/** A minute of lease, and the first pause after a failure, in a few seconds. */
const speed = 20

for (let n = 0; n < rounds; n++) {
  const seed = firstSeed + n
  t.test(
    `seed ${seed}: ${count} processes are killed, and not one webhook is lost`,
    { timeout: 540_000 },
    async (t) => {
      const key = makeKey()
      const env = { WEBHOOK_ENCRYPTION_KEY: key, OUTBOUND_ALLOW: '127.0.0.1' }
      const stage = await startStage(t, { loop: false, env, sandbox: { settings: unlimited, latencyMs: 2 } })
      const { call, sandbox, world } = stage
      const random = createRandom(seed)
      await runClock(world.pool, { epoch: Date.now(), speed })
      // One that is well, and one that fails now and then, so that it is tried again.
      const failed = new Set<string>()
      const flaky = ({ id }: { id: string }) => {
        const fails = !failed.has(id) && random.next() < 0.3
        failed.add(id)
        return fails ? 503 : 204
      }
      const hooks = [await stage.hook(), await stage.hook(flaky)]

      let asked = 0
      await play(t, stage, killsOf(random, count), {
        env,
        async feed() {
          const { rows } = await world.pool.query(
            `SELECT (SELECT count(*) FROM operation WHERE state IN ('queued', 'running', 'waiting')) AS operations,
                  (SELECT count(*) FROM webhook_delivery WHERE state = 'pending') AS deliveries`
          )
          const resumed = { action: 'service.resumed', actor: 'host', details: {} } as const
          if (rows[0].deliveries < 20) await appendAudit(world.pool, resumed, resumed, resumed)
          if (rows[0].operations > 5) return
          const body = { mail: 'none', revoke: 'none' }
          for (const id of people(sandbox, 3, asked)) await call('POST', `/users/${id}/reset`, { body })
          asked += 3
        }
      })
      await settled(stage, 60)

      const expected = await expectedOf(stage)
      t.ok(expected.length >= asked, `${expected.length} events of ${asked} operations`)
      for (const { receiver, id } of hooks) await judge(t, stage, id, receiver, expected)
      const tried = hooks.flatMap(({ receiver }) => receiver.received).length
      t.comment(`${count} kills, ${asked} operations, ${expected.length * 2} webhooks, ${tried} tries`)
    }
  )
}

const nameOf = ({ type, data }: { type: string; data: { operation?: string } }) => `${type} ${data.operation}`

/** What receivers are to be told of: worked out from the audit, and that from the operations. */
async function expectedOf({ world }: Stage): Promise<string[]> {
  const audit = await listAudit(world.pool, {}, { limit: 1_000_000 })
  const told = audit.flatMap((row) => webhookOf(row as unknown as AuditEvent) ?? []).map(nameOf)
  const { rows } = await world.pool.query<{ name: string }>(
    `SELECT 'operation.' || state || ' /operations/' || id AS name FROM operation`
  )
  const missing = rows.filter(({ name }) => !told.includes(name))
  if (missing.length > 0) throw new Error(`the audit lacks ${JSON.stringify(missing)}`)
  return told.toSorted()
}

async function judge(t: Test, { world }: Stage, id: string, receiver: Receiver, expected: string[]) {
  const { rows } = await world.pool.query<{ id: string; type: string; data: object; state: string }>(
    'SELECT id, type, data, state FROM webhook_delivery WHERE endpoint_id = $1',
    [id]
  )
  t.same(rows.map(nameOf).toSorted(), expected, 'the outbox has each event, once')
  t.ok(rows.every(({ state }) => state === 'delivered'))
  const bodies = new Map<string, Set<string>>()
  for (const { id, body } of receiver.received) bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
  const accepted = new Set(receiver.accepted.map(({ id }) => id))
  t.same([...accepted].toSorted(), rows.map(({ id }) => id).toSorted(), 'each has arrived, and nothing else')
  t.ok(
    [...bodies.values()].every((each) => each.size === 1),
    'what came twice is the same, under the same id'
  )
  t.same(
    [...new Map(receiver.accepted.map(({ id, event }) => [id, nameOf(event)])).values()].toSorted(),
    expected,
    'and says what happened'
  )
  t.ok(receiver.received.every(({ verified }) => verified))
}
