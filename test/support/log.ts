import { Writable } from 'node:stream'
import { createLog } from '../../src/world.ts'

export type Line = { level: number; msg: string; requestId?: string; operationId?: string; text: string }

/** Where a log can be written to, and all that was. */
export function keptTexts() {
  const texts: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      texts.push(String(chunk))
      done()
    }
  })
  return { texts, sink }
}

/** The log as a process writes it, of every level. `lines`: what it has said so far. */
export function keptLog() {
  const { texts, sink } = keptTexts()
  return {
    log: createLog('trace', sink),
    lines: (): Line[] => texts.map((text) => ({ ...JSON.parse(text), text }))
  }
}
