import t from 'tap'
import { listAudit } from '../../../src/audit/audit.sql.ts'
import { eventTypes } from '../../../src/integrations/ssf/event.ts'
import { createRandom } from '../../faults/harness/random.ts'
import { firstSeed, passes } from '../../faults/harness/results.ts'
import { people, unlimited } from '../../support/campaigns.ts'
import { runClock } from '../../support/clock.ts'
import { killsOf, play, settled } from '../webhooks/killing.ts'
import { makeKey } from '../webhooks/stage.ts'
import { makeSigningKey } from './signing-key.ts'
import { type SsfStage, startSsf } from './stage.ts'

/** In CI a sample; `test:faults` plays more. The same ones again: `FAULT_SEED=<seed>`. */
const count = Number(process.env.KILLS ?? (passes < 1 ? 4 : 40))

/** A minute of lease, and the first pause after a failure, in a few seconds. */
const speed = 20

t.test(
  `seed ${firstSeed}: ${count} processes are killed, and each stream is told of everything, of each person in order`,
  { timeout: 540_000 },
  async (t) => {
    const key = makeSigningKey()
    const WEBHOOK_ENCRYPTION_KEY = makeKey()
    const stage = await startSsf(t, {
      key,
      loop: false,
      env: { WEBHOOK_ENCRYPTION_KEY },
      sandbox: { settings: unlimited, latencyMs: 2 }
    })
    const { call, happen, sandbox, world, issuer } = stage
    const random = createRandom(firstSeed)
    await runClock(world.pool, { epoch: Date.now(), speed })
    // One that is well, and one that fails now and then, so that it is tried again.
    const failed = new Set<string | undefined>()
    const streams = [
      await stage.stream(),
      await stage.stream(({ claims }) => {
        const fails = !failed.has(claims!.jti) && random.next() < 0.3
        failed.add(claims!.jti)
        return fails ? 503 : 202
      })
    ]
    const ids = people(sandbox, 8)
    const others = Array.from({ length: 12 }, (_, n) => `other-${n}`)
    let asked = 0
    await play(t, stage, killsOf(random, count), {
      env: {
        WEBHOOK_ENCRYPTION_KEY,
        OUTBOUND_ALLOW: '127.0.0.1',
        SSF_SIGNING_KEY: key,
        PUBLIC_URL: issuer
      },
      async feed() {
        const { rows } = await world.pool.query(
          `SELECT (SELECT count(*) FROM operation WHERE state IN ('queued', 'running', 'waiting')) AS operations,
                  (SELECT count(*) FROM webhook_delivery WHERE state = 'pending') AS deliveries`
        )
        if (rows[0].deliveries < 40)
          for (const step of ['disable-user', 'enable-user', 'disable-user'])
            await happen(random.pick(others), step)
        if (rows[0].operations > 5) return
        // Whom another operation works on it is refused for.
        for (let n = 0; n < 4; n++) {
          const [what, body] = random.next() < 0.5 ? ['disable', {}] : ['enable', { revoke: 'none' }]
          const { status } = await call('POST', `/users/${random.pick(ids)}/${what}`, { body })
          if (status === 202) asked++
        }
      }
    })
    await settled(stage, 90)

    const expected = await expectedOf(stage)
    t.ok(expected.length > count, `${expected.length} events of ${asked} operations`)
    for (const { receiver, id } of streams) {
      const { rows } = await world.pool.query<{ jti: string; name: string; who: string }>(
        `SELECT id AS jti, type || ' ' || (data->>'operation') AS name, data->>'userId' AS who
           FROM webhook_delivery WHERE endpoint_id = $1 AND state = 'delivered' ORDER BY cause`,
        [id]
      )
      t.same(rows.map(({ name }) => name).toSorted(), expected, 'the outbox has each event, once')
      t.ok(
        receiver.received.every(({ claims }) => claims),
        'each verifies'
      )
      const first = [
        ...new Map(receiver.accepted.toReversed().map((each) => [each.claims!.jti, each])).values()
      ]
      first.sort((a, b) => a.at - b.at)
      t.same(
        first.map(({ claims }) => claims!.jti).toSorted(),
        rows.map(({ jti }) => jti).toSorted(),
        'each has arrived, and nothing else'
      )
      const personOf = new Map(rows.map(({ jti, who }) => [jti, who]))
      for (const who of [...ids, ...others])
        t.same(
          first.map(({ claims }) => claims!.jti).filter((jti) => personOf.get(jti!) === who),
          rows.filter((row) => row.who === who).map(({ jti }) => jti),
          `${who}: in order`
        )
      for (const [jti, each] of Map.groupBy(receiver.received, ({ claims }) => claims!.jti))
        t.equal(new Set(each.map(({ body }) => body)).size, 1, `${jti}: what came twice is the same`)
    }
    const tried = streams.flatMap(({ receiver }) => receiver.received).length
    t.comment(`${count} kills, ${asked} operations, ${expected.length * 2} SETs, ${tried} tries`)
  }
)

/** Worked out from the audit. */
async function expectedOf({ world }: SsfStage): Promise<string[]> {
  const audit = await listAudit(world.pool, { action: 'step.done' }, { limit: 1_000_000 })
  const types: Record<string, string> = {
    'disable-user': eventTypes.accountDisabled,
    'enable-user': eventTypes.accountEnabled
  }
  return audit
    .flatMap(({ details, operationId }) => types[details.step as string]?.concat(` ${operationId}`) ?? [])
    .toSorted()
}
