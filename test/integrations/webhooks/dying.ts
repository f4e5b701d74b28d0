import type { KillAt } from './killing.ts'

const killAt = JSON.parse(process.env.KILL_AT ?? '{}') as Partial<KillAt>
let left = killAt.n ?? 0

/** Ends this process as by `kill -9` where it comes to the place that `KILL_AT` names, `{point, n}`, for the n-th time. */
export async function come(point: string): Promise<void> {
  if (point !== killAt.point || --left > 0) return
  process.kill(process.pid, 'SIGKILL')
  // The signal takes effect when the kernel gets to it.
  await new Promise((resolve) => setTimeout(resolve, 20))
}
