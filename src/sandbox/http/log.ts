import type { SandboxClock } from '../clock.ts'
import { nothingObserved, type Observed } from './nextcloud.ts'

/** One call that Nextcloud received. */
export interface LoggedCall extends Observed {
  number: number
  method: string
  /** With the query. */
  path: string
  userAgent: string
  /** 0 when no answer was sent. */
  status: number
  /** Milliseconds by the sandbox's clock. */
  at: number
  endedAt: number
  /**
   * Order of beginnings and ends over all calls: two calls overlap when these do. A call ends for its caller when it
   * is answered or hung up on, though its effect may still come (`late`).
   */
  began: number
  ended: number
  fault: string | null
}

const KEPT = 20_000

/** The calls received, the newest {@link KEPT} of them. */
export class CallLog {
  #calls: LoggedCall[] = []
  #number = 0
  #order = 0
  #clock: SandboxClock

  constructor(clock: SandboxClock) {
    this.#clock = clock
  }

  begin(method: string, path: string, userAgent: string): LoggedCall {
    const at = this.#clock.now()
    const call: LoggedCall = {
      number: ++this.#number,
      method,
      path,
      userAgent,
      status: 0,
      at,
      endedAt: at,
      began: ++this.#order,
      ended: Infinity,
      fault: null,
      ...nothingObserved()
    }
    this.#calls.push(call)
    if (this.#calls.length > KEPT) this.#calls.shift()
    return call
  }

  /** It was answered, or its caller hung up: whichever came first. */
  end(call: LoggedCall): void {
    if (call.ended !== Infinity) return
    call.endedAt = this.#clock.now()
    call.ended = ++this.#order
  }

  /** Oldest first. */
  all(): LoggedCall[] {
    return this.#calls
  }

  clear(): void {
    this.#calls = []
  }
}
