import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Checkpoint } from '../../src/world.ts'
import { bare } from './bare.ts'
import { type Locksmith, quick } from './locksmith.ts'

/** What happens to a worker when it comes to that point; `user`: of that user's operation. */
export type Blow = { user?: string; step: string; point: Checkpoint; act: 'kill' | 'stop' }

/** What a worker says right before it is hit: every operation that it was at. */
export type Report = { blow: Blow; underway: { userId: string; step: string; point: string }[] }

export type WorkerProcess = {
  child: ChildProcess
  /** Resolves when it has ended. */
  ended: Promise<unknown>
}

type Target = Pick<Locksmith, 'databaseUrl' | 'sandbox'>

export type WorkerOptions = {
  plan?: Blow[]
  env?: Record<string, string>
  onReport?: (report: Report) => void
}

/** A worker on the same database and Nextcloud as this Locksmith; ends with the test. */
export const spawnWorker = (
  t: Test,
  target: Target,
  { plan = [], env = {}, onReport }: WorkerOptions = {}
): Promise<WorkerProcess> =>
  spawnProgram(t, 'worker.ts', target, { PLAN: JSON.stringify(plan), ...env }, (message) =>
    onReport?.(message as Report)
  )

/** A program of this folder as a process of its own. @returns once it has `said` something, which is that it is ready */
export async function spawnProgram(
  t: Test,
  file: string,
  { databaseUrl, sandbox }: Target,
  env: Record<string, string> = {},
  onMessage: (message: unknown) => void = () => {}
): Promise<WorkerProcess & { said: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...bare,
      DATABASE_URL: databaseUrl,
      NEXTCLOUD_URL: sandbox.url,
      NEXTCLOUD_ADMIN_USER: sandbox.admin.user,
      NEXTCLOUD_ADMIN_PASSWORD: sandbox.admin.password,
      ...quick,
      ...env
    }
  })
  child.on('message', onMessage)
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await ended
  })
  const said = await Promise.race([
    once(child.stdout!, 'data').then(([first]) => String(first).trim()),
    ended.then(() => {
      // Work that was waiting for it may have been its end before it could say a word.
      if (child.signalCode !== 'SIGKILL') throw new Error(`${file} ended at start (${child.exitCode})`)
      return ''
    })
  ])
  return { child, ended, said }
}
