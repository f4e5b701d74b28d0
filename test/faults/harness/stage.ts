import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { isFinal } from '../../../src/operations/operation.ts'
import {
  type NextcloudVersion,
  type Sandbox,
  type Settings,
  startSandbox
} from '../../../src/sandbox/index.ts'
import { runClock } from '../../support/clock.ts'
import { eventually, type Locksmith, startLocksmith } from '../../support/locksmith.ts'
import { type Blow, type Report, spawnWorker, type WorkerProcess } from '../../support/spawn-worker.ts'

/** Minutes pass in seconds: limits and pauses are the real ones. */
export const speed = 200

/** As long as a call that is given up may go on: longer than any that the sandbox lets be late. Real milliseconds. */
const settleMs = 600

/** Locksmith's API without a worker, and a Nextcloud, on one fast clock. */
export type Stage = { locksmith: Locksmith; sandbox: Sandbox }

export type StageOptions = {
  version?: NextcloudVersion
  settings?: Partial<Settings>
  databaseUrl?: string
}

export async function setStage(
  t: Test,
  { version = 34, settings, databaseUrl }: StageOptions = {}
): Promise<Stage> {
  const clock = { epoch: Date.now(), speed }
  const sandbox = await startSandbox({
    version,
    clockSpeed: speed,
    clockEpoch: clock.epoch,
    ...(settings && { settings })
  })
  t.teardown(() => sandbox.close())
  const locksmith = await startLocksmith(t, {
    sandbox,
    worker: false,
    ...(databaseUrl && { databaseUrl })
  })
  await runClock(locksmith.world.pool, clock)
  return { locksmith, sandbox }
}

/** Who was hit on account of another operation, since one process worked on both. */
export type Alongside = Report['underway'][number]

/** Processes that work; one that dies is started anew. */
export type Crew = {
  alongside: Alongside[]
  stopped: { worker: WorkerProcess; blow: Blow; at: number }[]
  /** How many ended that nobody had killed. */
  deaths: number
  /** Lets everybody end in order. */
  dismiss(): Promise<void>
}

/** @param plan blows that fall; one that has fallen leaves it */
export function hireCrew(
  t: Test,
  { locksmith, sandbox }: Stage,
  count: number,
  plan: Blow[] = [],
  env: Record<string, string> = {}
): Crew {
  let working = true
  const running = new Set<WorkerProcess>()
  const crew: Crew = { alongside: [], stopped: [], deaths: 0, dismiss }

  async function keep(): Promise<void> {
    while (working) {
      let self: WorkerProcess | undefined
      const onReport = ({ blow, underway }: Report) => {
        const at = plan.findIndex(({ user }) => user === blow.user)
        if (at !== -1) plan.splice(at, 1)
        crew.alongside.push(...underway.filter(({ userId }) => userId !== blow.user))
        if (blow.act === 'stop') crew.stopped.push({ worker: self!, blow, at: performance.now() })
      }
      self = await spawnWorker(t, locksmith, {
        plan: [...plan],
        onReport,
        env: {
          SMTP_URL: sandbox.smtpUrl,
          MAIL_FROM: 'Locksmith <locksmith@example.org>',
          NEXTCLOUD_TIMEOUT_SECONDS: '1',
          RETRY_FIRST_SECONDS: '5',
          RETRY_MAX_SECONDS: '300',
          SETTLE_MS: String(settleMs * speed),
          ...env
        }
      }).catch(() => undefined)
      if (!self) {
        // It does not start while the database is away.
        await sleep(200)
        continue
      }
      running.add(self)
      if (!working) self.child.kill('SIGTERM')
      await self.ended
      running.delete(self)
      if (working && self.child.signalCode !== 'SIGKILL') crew.deaths++
    }
  }

  const keepers = Array.from({ length: count }, keep)

  async function dismiss(): Promise<void> {
    working = false
    for (const { child } of running) {
      child.kill('SIGCONT')
      child.kill('SIGTERM')
    }
    await Promise.all(keepers)
  }
  // Whatever goes wrong in a test, nobody goes on working for it.
  t.teardown(dismiss)
  return crew
}

// biome-ignore lint/suspicious/noExplicitAny: as the API answers
export const ask = async ({ call }: Locksmith, id: string): Promise<any> =>
  (await call('GET', `/operations/${id}`)).body

/** @throws where some operation is stuck */
export async function allFinal({ world }: Locksmith, ids: string[], seconds = 120): Promise<void> {
  const open = async () => {
    const { rows } = await world.pool
      .query<{ id: string; state: string; problem: unknown; resume_at: Date }>(
        'SELECT id, user_id, state, problem, resume_at, locksmith_now() FROM operation WHERE id = ANY($1)',
        [ids]
      )
      // The database may be restarting.
      .catch(() => ({ rows: undefined }))
    return rows?.filter(({ state }) => !isFinal(state as never))
  }
  await eventually(open, (rows) => rows?.length === 0, seconds)
}
