import type { Logger } from 'pino'
import { parseCheckpoint } from '../note.ts'
import type { CheckpointTarget } from './publish.ts'

/** A line of our own log, which is a place off the box wherever the log is shipped. */
export const logTarget = (log: Pick<Logger, 'info'>): CheckpointTarget => ({
  name: 'log',
  async publish(note) {
    log.info({ size: parseCheckpoint(note)?.size, note }, 'checkpoint of the audit')
  }
})
