import { createHash } from 'node:crypto'
import type { Cursor } from '../../../src/audit/forward/forward.ts'
import type { ForwardedEvent } from '../../../src/audit/forward/forwarded.ts'

/** An event as most are, with what is given in its place. */
export const eventOf = (given: Partial<ForwardedEvent> = {}): ForwardedEvent => {
  const { index = 0 } = given
  return {
    index,
    seq: index * 2 + 1,
    at: '2026-11-29T17:00:00.123456Z',
    action: 'step.done',
    actor: 'system',
    userId: 'alice',
    sourceAddress: null,
    operationId: '0190a0b0-0000-7000-8000-000000000001',
    campaignId: null,
    requestId: null,
    details: { step: 'revoke-tokens', attempt: 1, outcome: { sessions: 3 } },
    outcome: 'success',
    hash: createHash('sha256').update(`leaf ${index}`).digest('hex'),
    ...given
  }
}

export const eventsUpTo = (count: number, given: Partial<ForwardedEvent> = {}): ForwardedEvent[] =>
  Array.from({ length: count }, (_, index) => eventOf({ ...given, index }))

/** Whatever people and directories may have put into it. */
export const hostile: ForwardedEvent = eventOf({
  action: 'operation.requested',
  actor: 'user:o"neil]\\ \u0000\r\n<34>1 - - - - - -',
  userId: 'böse\u2028👾\ud800',
  sourceAddress: 'fe80::1%eth0',
  requestId: '"]\n',
  details: { kind: 'reset', reason: 'line\nfeed, "quotes", [brackets], \\, \u007f, \ufeff, 𝕏, 終' }
})

/** What is read from a list, as the tree's table would. */
export const readFrom =
  (events: ForwardedEvent[]) =>
  async (from: number, limit: number): Promise<ForwardedEvent[]> =>
    events.filter(({ index }) => index >= from).slice(0, limit)

/** A cursor of one process, that never rests. */
export function memoryCursor(): Cursor & { next: number; errors: string[] } {
  const errors: string[] = []
  const cursor = {
    next: 0,
    errors,
    peek: async () => cursor.next,
    take: async () => ({ id: 'only', next: cursor.next, isFailing: errors.length > 0 }),
    async move(_: object, next: number) {
      cursor.next = next
      return true
    },
    release: async () => {},
    async fail(_: object, error: string) {
      errors.push(error)
      return true
    }
  }
  return cursor
}

export const quiet = { info() {}, warn() {} }
export const never = new AbortController().signal
