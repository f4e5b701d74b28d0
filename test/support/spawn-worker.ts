import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Checkpoint } from '../../src/world.ts'
import type { Locksmith } from './locksmith.ts'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

/** What happens to a worker when it comes to that point; `user`: of that user's operation. */
export type Blow = { user?: string; step: string; point: Checkpoint; act: 'kill' | 'stop' }

/** What a worker says right before it is hit: every operation that it was at. */
export type Report = { blow: Blow; underway: { userId: string; step: string; point: string }[] }

export type WorkerProcess = {
  child: ChildProcess
  /** Resolves when it has ended. */
  ended: Promise<unknown>
}

export type WorkerOptions = {
  plan?: Blow[]
  env?: Record<string, string>
  onReport?: (report: Report) => void
}

/** A worker on the same database and Nextcloud as this Locksmith; ends with the test. */
export async function spawnWorker(
  t: Test,
  { databaseUrl, sandbox }: Pick<Locksmith, 'databaseUrl' | 'sandbox'>,
  { plan = [], env = {}, onReport }: WorkerOptions = {}
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      NEXTCLOUD_URL: sandbox.url,
      NEXTCLOUD_ADMIN_USER: sandbox.admin.user,
      NEXTCLOUD_ADMIN_PASSWORD: sandbox.admin.password,
      RETRY_FIRST_SECONDS: '0.2',
      RETRY_MAX_SECONDS: '1',
      PLAN: JSON.stringify(plan),
      ...env
    }
  })
  child.on('message', (report) => onReport?.(report as Report))
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await ended
  })
  await Promise.race([
    once(child.stdout!, 'data'),
    ended.then(() => {
      // Work that was waiting for it may have been its end before it could say a word.
      if (child.signalCode !== 'SIGKILL') throw new Error(`the worker ended at start (${child.exitCode})`)
    })
  ])
  return { child, ended }
}
