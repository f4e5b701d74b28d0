import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Locksmith } from './locksmith.ts'

export type WorkerProcess = {
  child: ChildProcess
  /** Resolves when it has ended. */
  ended: Promise<unknown>
}

type Target = Pick<Locksmith, 'databaseUrl' | 'sandbox'>

/** A worker on the same database and Nextcloud as this Locksmith; ends with the test. */
export const spawnWorker = (t: Test, target: Target, kill?: string): Promise<WorkerProcess> =>
  spawnProgram(t, 'worker.ts', target, kill === undefined ? {} : { KILL: kill })

/** A program of this folder as a process of its own. @returns once it has `said` something, which is that it is ready */
export async function spawnProgram(
  t: Test,
  file: string,
  { databaseUrl, sandbox }: Target,
  env: Record<string, string> = {}
): Promise<WorkerProcess & { said: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      NEXTCLOUD_URL: sandbox.url,
      NEXTCLOUD_ADMIN_USER: sandbox.admin.user,
      NEXTCLOUD_ADMIN_PASSWORD: sandbox.admin.password,
      RETRY_FIRST_SECONDS: '0.2',
      RETRY_MAX_SECONDS: '1',
      ...env
    }
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const said = await Promise.race([
    once(child.stdout!, 'data').then(([first]) => String(first).trim()),
    ended.then(() => {
      throw new Error(`${file} ended at start`)
    })
  ])
  return { child, ended, said }
}
