import type { Test } from 'tap'
import { startCampaigns } from '../../src/campaigns/loop.ts'
import type { Pool } from '../../src/db/pool.ts'
import { decide } from '../../src/operations/decide.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { eventually, type Locksmith, type Options, startLocksmith } from './locksmith.ts'
import { freePort } from './port.ts'
import { spawnWorker, type WorkerProcess } from './spawn-worker.ts'

/** Nobody waits for a limit of Nextcloud. */
export const unlimited = { allowListed: true, applyAllowlistToRateLimit: true }

const tolerant = { everyMs: 100, checkMs: 100, toleranceSeconds: 40 * 86_400 }
const patient = { RETRY_GIVE_UP_HOURS: '10000' }

export type Campaigning = Locksmith & {
  /** A new campaign, started; its path. */
  begin(body?: object): Promise<string>
  /** As a second person does. */
  approve(id: string): Promise<void>
  /** Once so many were mailed, and it is written down. */
  asked(path: string, people: number): Promise<void>
  /** The campaign, once it is in that state. */
  once(
    path: string,
    state: string,
    seconds?: number
  ): Promise<{ round: { counts: Record<string, number> } } & Record<string, unknown>>
}

/**
 * A Locksmith that people can reach, and whose campaigns go on by themselves.
 * @param loop false: only in processes of their own, see {@link spawnCampaigner}
 */
export async function startCampaigning(
  t: Test,
  { loop = true, ...options }: Options & { loop?: boolean } = {}
): Promise<Campaigning> {
  const port = await freePort()
  const locksmith = await startLocksmith(t, {
    sandbox: { settings: unlimited },
    campaigns: tolerant,
    ...options,
    port,
    env: { PUBLIC_URL: `http://127.0.0.1:${port}`, ...patient, ...options.env }
  })
  if (loop) {
    const running = startCampaigns(locksmith.world)
    t.teardown(() => running.stop())
  }
  const { call } = locksmith
  return {
    ...locksmith,
    async begin(body = {}) {
      const asked = {
        name: 'Customers',
        audience: { domains: ['customer.example'] },
        owner: 'it@example.org',
        pace: { usersPerHour: 100_000 },
        ...body
      }
      const created = await call('POST', '/campaigns', { body: asked })
      if (created.status !== 201) throw new Error(created.text)
      const path = `/campaigns/${created.body.id}`
      if (!('schedule' in body)) {
        const started = await call('POST', `${path}/start`)
        if (started.status !== 200) throw new Error(started.text)
      }
      return path
    },
    async approve(id) {
      const { body } = await call('GET', `/approvals/${id}`)
      const host = { actor: 'host' } as const
      await decide(locksmith.world.pool, id, host, { state: 'approved', hash: body.hash })
    },
    async asked(path, people) {
      await eventually(
        async () => (await call('GET', path)).body.round?.counts.asked,
        (asked) => asked === people
      )
    },
    once: async (path, state, seconds = 20) =>
      (
        await eventually(
          () => call('GET', path),
          ({ body }) => body.state === state,
          seconds
        )
      ).body
  }
}

/** A process that works on operations and campaigns of this Locksmith, which serves people; ends with the test. */
export const spawnCampaigner = (
  t: Test,
  { databaseUrl, sandbox, world }: Pick<Locksmith, 'databaseUrl' | 'sandbox' | 'world'>,
  env: Record<string, string> = {}
): Promise<WorkerProcess> =>
  spawnWorker(
    t,
    { databaseUrl, sandbox },
    {
      env: {
        PUBLIC_URL: world.config.publicOrigin!,
        SMTP_URL: sandbox.smtpUrl,
        MAIL_FROM: 'Locksmith <locksmith@example.org>',
        CAMPAIGNS: JSON.stringify(world.campaigns),
        ...patient,
        ...env
      }
    }
  )

/** As `kill -9`; and it is gone. */
export async function kill({ child, ended }: WorkerProcess): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

/** `person-0` … at customer.example, all alike. */
export function people(sandbox: Sandbox, count: number, from = 0): string[] {
  const ids = Array.from({ length: count }, (_, i) => `person-${i + from}`)
  for (const id of ids)
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@customer.example` })
  return ids
}

/** Where the newest mail to this person leads. */
export const linkTo = (sandbox: Sandbox, id: string): string | undefined => {
  const mail = sandbox.mails({ to: `${id}@customer.example` }).at(-1)
  return mail && /https?:\/\/\S+\/(?:confirm|contact)\/[\w-]+/.exec(mail.text)?.[0]
}

/** As a person does who follows the link and presses the button. @returns the status */
export async function press(link: string, answer = 'confirmed', sure = false): Promise<number> {
  const response = await fetch(link, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ answer, ...(sure && { sure: 'yes' }) })
  })
  await response.text()
  return response.status
}

/** The clock of campaigns goes on from where it is, at that speed. */
export async function speedUp(pool: Pool, speed: number): Promise<void> {
  const { rows } = await pool.query<{ now: number; real: number }>(
    'SELECT extract(epoch FROM locksmith_now())::float8 AS now, extract(epoch FROM clock_timestamp())::float8 AS real'
  )
  const { now, real } = rows[0]!
  await pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT to_timestamp(${now} + (extract(epoch FROM clock_timestamp()) - ${real}) * ${speed})'`
  )
}

/** So much time passes at once, after it is written down what was sent before. */
export async function letPass(pool: Pool, { days = 0, hours = 0 }): Promise<void> {
  await eventually(
    () => pool.query('SELECT FROM participant WHERE mail_claim IS NOT NULL'),
    ({ rowCount }) => rowCount === 0
  )
  const { rows } = await pool.query<{ ahead: number }>(
    'SELECT extract(epoch FROM locksmith_now() - clock_timestamp())::float8 AS ahead'
  )
  const seconds = rows[0]!.ahead + days * 86_400 + hours * 3_600
  await pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT clock_timestamp() + make_interval(secs => ${seconds})'`
  )
}
