import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Locksmith } from './locksmith.ts'

const program = fileURLToPath(new URL('worker.ts', import.meta.url))

export type WorkerProcess = {
  child: ChildProcess /** Resolves when it has ended. */
  ended: Promise<unknown>
}

/** A worker on the same database and Nextcloud as this Locksmith; ends with the test. */
export async function spawnWorker(
  t: Test,
  { databaseUrl, sandbox }: Pick<Locksmith, 'databaseUrl' | 'sandbox'>,
  kill?: string
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      NEXTCLOUD_URL: sandbox.url,
      NEXTCLOUD_ADMIN_USER: sandbox.admin.user,
      NEXTCLOUD_ADMIN_PASSWORD: sandbox.admin.password,
      RETRY_FIRST_SECONDS: '0.2',
      RETRY_MAX_SECONDS: '1',
      ...(kill !== undefined && { KILL: kill })
    }
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await Promise.race([
    once(child.stdout!, 'data'),
    ended.then(() => {
      throw new Error('the worker ended at start')
    })
  ])
  return { child, ended }
}
