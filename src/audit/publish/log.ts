import type { Logger } from 'pino'
import { headOf } from './head.ts'
import type { CheckpointTarget } from './publish.ts'

/** A line of our own log, which is a place off the box wherever the log is shipped. */
export const logTarget = (log: Pick<Logger, 'info'>): CheckpointTarget => ({
  name: 'log',
  async publish(note) {
    log.info({ ...headOf(note), note }, 'checkpoint of the audit')
  }
})
