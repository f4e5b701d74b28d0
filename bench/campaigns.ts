/**
 * What a campaign of 100,000 people costs: from `POST /campaigns` and its start until everybody is planned and it is
 * open, for each of them, against one of 1,000 on the same Locksmith; and beside that its memory, how fast it is
 * looked at, previewed, mailed and cancelled.
 *
 * Planning reads the whole list of users in pages of 200, so the small ones are taken first, while the simulated
 * Nextcloud has so few users; the large one comes after them, in the same tables. Time is taken from when Locksmith
 * first asks for the list until the round is open: up to a second before that it looks up from its sleep. Nextcloud
 * is a process of its own and adds no latency: what it takes for its answers is told apart. A real one takes many
 * times longer for a page.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'undici'
import type { Child } from './child.ts'
import { type Length, median, type Ratio, spread } from './result.ts'
import type { Stage } from './stage.ts'

const goals = { ratio: 1.3, seconds: 60, memory: 300 * 2 ** 20, lookMs: 20 }

/** The most there can be. */
const usersPerHour = 100_000

type Campaign = { id: string; state: string; round: { openedAt: string; counts: Record<string, number> } }
type Look = { mostMemory: number; processorMs: number }

export async function measureCampaigns(stage: Stage, { quick, until }: Length): Promise<Ratio> {
  const [few, many] = quick ? [200, 2_000] : [1_000, 100_000]
  const rounds = quick ? 2 : 5
  const sandbox = await stage.sandbox({ settings: { allowListed: true, applyAllowlistToRateLimit: true } })
  const mailServer = await stage.child('smtp')
  const locksmith = await stage.locksmith('serve', sandbox, {
    smtpUrl: mailServer.ready.url,
    scopes: ['campaigns:read', 'campaigns:write', 'users:offboard']
  })
  const caller = new Client(locksmith.url, { bodyTimeout: 0, headersTimeout: 0 })
  const looks: number[] = []

  async function call<T>(method: 'GET' | 'POST', path: string, body: object = {}): Promise<T> {
    const response = await caller.request({
      method,
      path,
      headers: { authorization: `Bearer ${locksmith.key}`, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify(body) })
    })
    const answer = await response.body.json()
    if (response.statusCode >= 300)
      throw new Error(`${method} ${path} was answered with ${response.statusCode}: ${JSON.stringify(answer)}`)
    return answer as T
  }

  async function lookAt(path: string): Promise<Campaign> {
    const asked = performance.now()
    const campaign = await call<Campaign>('GET', path)
    looks.push(performance.now() - asked)
    return campaign
  }

  /** Creates and starts one, and waits until it is open. */
  async function plan(users: number) {
    const before: Look = await locksmith.ask({ do: 'look' })
    const since = Date.now()
    const { id } = await call<Campaign>('POST', '/campaigns', {
      name: 'Bench',
      audience: { domains: ['bench.example'] },
      owner: 'it@bench.example',
      pace: { usersPerHour }
    })
    const path = `/campaigns/${id}`
    await call('POST', `${path}/start`)
    let campaign = await lookAt(path)
    while (campaign.state !== 'open') {
      if (campaign.state !== 'planning' || performance.now() > until)
        throw new Error(`the campaign of ${users} is ${campaign.state}, after ${Date.now() - since} ms`)
      await sleep(50)
      campaign = await lookAt(path)
    }
    const { out, ...asked } = campaign.round.counts
    const planned = Object.values(asked).reduce((sum, n) => sum + n, 0)
    if (planned !== users || out !== 0) throw new Error(`of ${users} ${planned} are asked, ${out} left out`)
    const opened = Date.parse(campaign.round.openedAt)
    const { first, ms: nextcloudMs } = await sandbox.ask({ do: 'listing', since })
    const after: Look = await locksmith.ask({ do: 'look' })
    return {
      path,
      seconds: (opened - since) / 1_000,
      planningMs: (opened - first) / users,
      nextcloudMs: nextcloudMs / users,
      processorMs: (after.processorMs - before.processorMs) / users,
      atStart: before.mostMemory,
      mostMemory: after.mostMemory
    }
  }

  await sandbox.ask({ do: 'create', prefix: 'u', count: few })
  const small: Awaited<ReturnType<typeof plan>>[] = []
  // The first one warms up.
  for (let n = -1; n < rounds; n++) {
    const planned = await plan(few)
    await call('POST', `${planned.path}/cancel`)
    if (n >= 0) small.push(planned)
  }
  await sandbox.ask({ do: 'create', prefix: 'u', from: few, count: many - few })
  looks.splice(0)
  const large = await plan(many)
  for (let n = 0; n < 100; n++) await lookAt(large.path)
  const previewed = await timed(() => call('POST', `${large.path}/preview`))
  const previewing: Look = await locksmith.ask({ do: 'look' })
  const perSecond = await mailing(locksmith, mailServer, quick ? 1 : 10)
  const cancelled = await timed(() => call('POST', `${large.path}/cancel`))
  await caller.close()

  const ratio = large.planningMs / median(small.map(({ planningMs }) => planningMs))
  const each = (read: (planned: typeof large) => number) =>
    `${spread(small.map(read), 'ms', 3)} of ${few.toLocaleString('en')}, ${read(large).toFixed(3)} ms of ${many.toLocaleString('en')}`
  const lookMs = median(looks)
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  return {
    name: `planning one of ${many.toLocaleString('en')} people / one of ${few.toLocaleString('en')}`,
    ratio,
    goal: `≤ ${goals.ratio}, open within ${goals.seconds} s, at most ${mib(goals.memory)}, looked at in ${goals.lookMs} ms`,
    ok:
      ratio <= goals.ratio &&
      large.seconds <= goals.seconds &&
      large.mostMemory <= goals.memory &&
      lookMs <= goals.lookMs,
    notes: [
      `planning: ${each(({ planningMs }) => planningMs)}; median and range of ${rounds} small ones`,
      `of that until Nextcloud had answered for all pages: ${each(({ nextcloudMs }) => nextcloudMs)}`,
      `processor time of Locksmith: ${each(({ processorMs }) => processorMs)}`,
      `from \`POST /campaigns\` until ${many.toLocaleString('en')} are planned: ${large.seconds.toFixed(1)} s, resident set at most ${mib(large.mostMemory)} (${mib(large.atStart)} before)`,
      `\`GET /campaigns/{id}\`, ${looks.length} times, then and after: ${spread(looks, 'ms', 1)}`,
      `preview ${previewed.toFixed(1)} s, resident set at most ${mib(previewing.mostMemory)}; cancelling ${cancelled.toFixed(1)} s; ${perSecond.toFixed(0)} mails/s, where all are due, to a mail server that only counts them`
    ]
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1_000
}

/** @returns mails a second, with everybody's due at once */
async function mailing(locksmith: { makeMailsDue(): Promise<void> }, mailServer: Child, seconds: number) {
  await locksmith.makeMailsDue()
  const { taken: before } = await mailServer.ask({})
  const began = performance.now()
  await sleep(seconds * 1_000)
  const { taken } = await mailServer.ask({})
  return (taken - before) / ((performance.now() - began) / 1_000)
}
