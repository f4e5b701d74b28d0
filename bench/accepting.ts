/**
 * How many resets a second Locksmith accepts (202: key check, Nextcloud asked, operation with its steps, audit row
 * and job committed in one transaction), against bare Fastify with one INSERT a request on the same PostgreSQL.
 *
 * Only accepting is measured: Locksmith runs as `locksmith api`, without a worker. Its key stands in a table and
 * its log is written as in production (level info, thrown away by the reader); bare Fastify has neither. Every
 * request names another user. Asking Nextcloud is part of it, by way of a simulated one that adds no latency but
 * takes its share of the same cores, as do PostgreSQL and the load generator, each in a process of its own.
 */
import type { Load } from './programs/load.ts'
import { type Length, median, type Ratio, ratioOf, spread } from './result.ts'
import type { Stage } from './stage.ts'

const connections = 32
const goal = 0.3

export async function measureAccepting(stage: Stage, { quick, until }: Length): Promise<Ratio> {
  const rounds = quick ? 2 : 5
  const seconds = quick ? 1 : 5
  const users = quick ? 10_000 : 60_000
  const sandbox = await stage.sandbox({ settings: { allowListed: true, applyAllowlistToRateLimit: true } })
  await sandbox.ask({ do: 'create', prefix: 'u', count: users })
  const locksmith = await stage.locksmith('api', sandbox)
  const bare = await stage.child('bare', { env: { DATABASE_URL: await stage.database() } })
  const generator = await stage.child('load')
  const ofLocksmith = { url: locksmith.url, key: locksmith.key }
  const ofBare = { url: bare.ready.url as string, key: 'none' }
  let next = 0

  async function load(target: { url: string; key: string }, duration: number): Promise<Load> {
    const asked = { ...target, prefix: 'u', from: next, to: users, connections, seconds: duration }
    const result: Load = await generator.ask(asked)
    // Bare Fastify asks no Nextcloud: it leaves the names for Locksmith.
    if (target === ofLocksmith) next = result.next
    const { answered, statuses } = result
    // A run without answers, or with refusals among them, is no measurement.
    if (answered === 0 || statuses['202'] !== answered)
      throw new Error(`of ${answered} answers of ${target.url} not all were 202: ${JSON.stringify(statuses)}`)
    return result
  }
  const rate = ({ answered, seconds }: Load) => answered / seconds

  for (const target of [ofBare, ofLocksmith]) await load(target, quick ? 0.5 : 2)
  await sandbox.ask({ do: 'look' })
  const loads = { locksmith: [] as Load[], bare: [] as Load[] }
  for (let round = 0; round < rounds && performance.now() < until; round++) {
    loads.bare.push(await load(ofBare, seconds))
    loads.locksmith.push(await load(ofLocksmith, seconds))
  }
  const { calls } = await sandbox.ask({ do: 'look' })
  const accepted = loads.locksmith.reduce((sum, { answered }) => sum + answered, 0)
  const ratio = ratioOf(loads.locksmith.map(rate), loads.bare.map(rate))
  const p50 = (each: Load[]) => median(each.map((load) => load.p50)).toFixed(1)
  return {
    name: 'accepted resets per second, Locksmith / bare Fastify with one INSERT',
    ratio,
    goal: `≥ ${goal}`,
    ok: ratio >= goal,
    notes: [
      `median of the ratios of ${rounds} pairs of ${seconds} s, in turn, ${connections} connections, every user another`,
      `Locksmith: ${spread(loads.locksmith.map(rate), '/s')}, p50 ${p50(loads.locksmith)} ms; ${(calls / accepted).toFixed(2)} Nextcloud calls a request, each request asking whether the user can be reset`,
      `bare: ${spread(loads.bare.map(rate), '/s')}, p50 ${p50(loads.bare)} ms; no key check, schema, log, audit or job, Nextcloud not asked`,
      'each is counted under the brake on lock-outs: 64 at once, and near the brake one after the other (docs/decisions/0012-brakes.md)',
      'only accepting is measured: `locksmith api`, no worker; the simulated Nextcloud adds no latency but shares the cores'
    ]
  }
}
