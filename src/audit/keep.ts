/** All that the audit log needs besides being written: it is sealed, its heads leave the house, its events are forwarded. */
import type { Logger } from 'pino'
import type { Pool } from '../db/pool.ts'
import { cursorOf } from './forward/cursor.sql.ts'
import { startForwarding } from './forward/forward.ts'
import { readSealed } from './forward/read.sql.ts'
import { createTarget } from './forward/target.ts'
import type { AuditKeys } from './keys.ts'
import { readLastCheckpoint, refuseLoss } from './loss.ts'
import { endpointTarget } from './publish/endpoint.ts'
import { fileTarget } from './publish/file.ts'
import { logTarget } from './publish/log.ts'
import { startPublishing } from './publish/publishing.ts'
import { startSealing } from './sealing.ts'
import type { AuditSettings } from './settings.ts'

export type Keeping = {
  pool: Pool
  keys: AuditKeys
  settings: AuditSettings
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Told of each batch that was forwarded, for metrics. */
  observe?: (result: 'received' | 'failed', events: number) => void
}

/** Any number of processes may do it: each part is done by one at a time. */
export function keepAudit({ pool, keys, settings, log, observe }: Keeping): { stop(): Promise<void> } {
  const { file, endpoint, everySeconds } = settings.checkpoints
  const before = async () => refuseLoss(pool, keys, await readLastCheckpoint(file))
  const sealing = startSealing({ pool, keys, log, before })
  const publishing = startPublishing({
    pool,
    keys,
    log,
    everySeconds,
    before,
    targets: [
      ...(file !== undefined ? [fileTarget(file)] : []),
      ...(endpoint ? [endpointTarget(endpoint)] : []),
      logTarget(log)
    ]
  })
  const { forward } = settings
  const forwarding =
    forward &&
    startForwarding({
      read: (from, most) => readSealed(pool, from, most),
      cursor: cursorOf(pool),
      target: createTarget(forward.address, forward),
      log,
      ...(observe && { observe })
    })
  return {
    async stop() {
      await forwarding?.stop()
      await sealing.stop()
      await publishing.stop()
    }
  }
}
