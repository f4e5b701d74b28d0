import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { byteOrderMark, line } from '../../csv.ts'
import { UsageError } from '../exit.ts'
import type { Outcome } from './outcome.ts'

export const reportHead = ['user', 'result', 'state', 'operation', 'earlier', 'code', 'detail', 'at']

/** A CSV of what happened to whom, written as it happens: also what an interruption leaves can be read. */
export type Report = { begin(): void; add(outcome: Outcome): void; close(): void }

/** @throws UsageError where it cannot be written: before anything is done */
export function openReport(file: string | undefined): Report {
  if (file === undefined) return { begin() {}, add() {}, close() {} }
  let handle: number
  try {
    handle = openSync(file, 'a', 0o600)
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`)
  }
  return {
    // That of an earlier run stays until there is another one.
    begin() {
      ftruncateSync(handle)
      writeSync(handle, byteOrderMark + line(reportHead))
    },
    add({ user, result, operation, problem, earlier }) {
      const { state, id, finishedAt } = operation ?? {}
      const cells = [
        user,
        result,
        state,
        id,
        earlier ? 'yes' : 'no',
        problem?.code,
        problem?.detail,
        finishedAt
      ]
      writeSync(handle, line(cells))
    },
    close: () => closeSync(handle)
  }
}
