import type { SandboxClock } from '../clock.ts'
import type { Counting } from '../counters/counters.ts'
import { nothingObserved, type Observed } from './nextcloud.ts'

/** One call that Nextcloud received. */
export interface LoggedCall extends Observed {
  number: number
  method: string
  /** With the query. */
  path: string
  /** The route, such as `PUT /cloud/users/{userId}`; `other` where there is none, or the request broke off. */
  name: string
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

/** The calls received: the newest {@link KEPT} of them and some more. All are counted. */
export class CallLog {
  #calls: LoggedCall[] = []
  #number = 0
  #order = 0
  #clock: SandboxClock
  #counting: Counting

  constructor(clock: SandboxClock, counting: Counting) {
    this.#clock = clock
    this.#counting = counting
  }

  begin(method: string, path: string, userAgent: string): LoggedCall {
    const at = this.#clock.now()
    const call: LoggedCall = {
      number: ++this.#number,
      method,
      path,
      name: 'other',
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
    // Moving so many at each call would cost more than the call.
    if (this.#calls.length > KEPT + 2_000) this.#calls = this.#calls.slice(-KEPT)
    this.#counting.began(call)
    return call
  }

  /** It has arrived as a whole. */
  arrived(call: LoggedCall, name: string): void {
    call.name = name
    this.#counting.named(call)
  }

  /** Nextcloud has dealt with it. */
  handled(call: LoggedCall): void {
    this.#counting.handled(call)
  }

  /** It was answered, or its caller hung up: whichever came first. */
  end(call: LoggedCall): void {
    if (call.ended !== Infinity) return
    call.endedAt = this.#clock.now()
    call.ended = ++this.#order
  }

  /** Nothing comes of it any more. */
  settle(call: LoggedCall): void {
    this.end(call)
    this.#counting.settled(call)
  }

  /** Oldest first. */
  all(): LoggedCall[] {
    return this.#calls
  }

  clear(): void {
    this.#calls = []
    this.#counting.clear()
  }
}
