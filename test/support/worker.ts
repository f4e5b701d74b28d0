/**
 * A worker process of its own, told by its environment what is to happen to it: `PLAN` is a list of
 * `{user?, step, point, act}`, each done once. `kill` is as `kill -9` (nothing is cleaned up), `stop` as SIGSTOP.
 * With `CAMPAIGNS`, the world's options for them, campaigns go on in it, too. Says `ready` once it works, and to its
 * parent what it was at when it was hit.
 */
import { startCampaigns } from '../../src/campaigns/loop.ts'
import { readConfig } from '../../src/config.ts'
import { startWorker } from '../../src/operations/worker.ts'
import { createLog, createWorld, type World } from '../../src/world.ts'
import { testKeys } from './audit-keys.ts'
import type { Blow, Report } from './spawn-worker.ts'

const config = readConfig()
const plan = JSON.parse(process.env.PLAN ?? '[]') as Blow[]
const campaigns = process.env.CAMPAIGNS && (JSON.parse(process.env.CAMPAIGNS) as World['campaigns'])
const underway = new Map<string, { userId: string; step: string; point: string }>()

const world = await createWorld({
  auditKeys: testKeys,
  config,
  databaseUrl: config.DATABASE_URL!,
  nextcloud: config.nextcloud!,
  ...(config.SMTP_URL && { smtp: { url: config.SMTP_URL, from: config.MAIL_FROM! } }),
  log: createLog(process.env.LOG_LEVEL ?? 'silent'),
  settleMs: Number(process.env.SETTLE_MS ?? 200),
  ...(campaigns && { campaigns }),
  checkpoint: async (point, step, { id, userId, steps }) => {
    underway.set(id, { userId, step, point })
    const at = plan.findIndex(
      (blow) => (blow.user ?? userId) === userId && blow.step === step && blow.point === point
    )
    // Another process with the same plan comes here too, once it has taken over.
    if (at === -1 || steps.find(({ name }) => name === step)!.attempts !== 1) return
    const [blow] = plan.splice(at, 1)
    await report({ blow: blow!, underway: [...underway.values()] })
    process.kill(process.pid, blow!.act === 'stop' ? 'SIGSTOP' : 'SIGKILL')
    // The signal takes effect when the kernel gets to it.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})
world.finished.on('finished', (id) => underway.delete(id))
const worker = await startWorker(world)
const loop = campaigns ? startCampaigns(world) : undefined
process.stdout.write('ready\n')
process.once('SIGTERM', async () => {
  await world.drain()
  await loop?.stop()
  await worker.stop()
  await world.close()
  process.exit(0)
})

function report(message: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve())
    else resolve()
  })
}
