import type { Test } from 'tap'
import { caller, firstKey, type Locksmith, type Served } from './locksmith.ts'
import { spawnProgram, type WorkerProcess } from './spawn-worker.ts'

export type ApiProcess = WorkerProcess & Pick<Served, 'call'>

/** Another replica of this Locksmith that only serves the API; ends with the test. */
export async function spawnApi(
  t: Test,
  target: Pick<Locksmith, 'databaseUrl' | 'sandbox'>
): Promise<ApiProcess> {
  const { said, ...api } = await spawnProgram(t, 'api.ts', target, { LOCKSMITH_API_KEY: firstKey })
  return { ...api, call: caller(said) }
}
