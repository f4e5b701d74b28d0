import type { SandboxClock } from '../clock.ts'
import { base64, sessionId } from './random.ts'

/** A PHP session: what the cookies of one browser stand for. */
export interface Session {
  id: string
  /** Sessions are encrypted with the browser's `oc_sessionPassphrase`: without it they are empty. */
  passphrase: string
  requestToken: string
  userId: string | null
  loginName: string | null
  appPassword: string | null
  /** Seconds of the last proof of the password. */
  passwordConfirmedAt: number
  secondFactorPending: boolean
  /** An external app has shown who it is: no second factor is asked for. */
  appApi: boolean
  /** For whom a log-in by passkey was begun. */
  passkeyLogin: string | null
  loginErrors: string[]
  /** Kept because somebody logged in or was given a form; others are forgotten first. */
  lasting: boolean
}

const MANY = 1000

/** The sessions that the sandbox remembers. */
export class Sessions {
  #byId = new Map<string, Session>()
  #passing: string[] = []
  readonly cookieName = `oc${base64(12)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, 'x')
    .slice(0, 10)}`

  create(passphrase?: string): Session {
    const session: Session = {
      id: sessionId(),
      passphrase: passphrase ?? encodeURIComponent(base64(96)),
      requestToken: `${base64(32)}:${base64(32)}`,
      userId: null,
      loginName: null,
      appPassword: null,
      passwordConfirmedAt: 0,
      secondFactorPending: false,
      appApi: false,
      passkeyLogin: null,
      loginErrors: [],
      lasting: false
    }
    this.#byId.set(session.id, session)
    this.#letPass(session.id)
    return session
  }

  /** Its token is gone, and with it the log-in: it need not be kept any more. */
  pass(id: string): void {
    const session = this.#byId.get(id)
    if (!session?.lasting) return
    session.lasting = false
    this.#letPass(id)
  }

  /** Callers with Basic auth leave a session behind at each call: only the latest of those matter. */
  #letPass(id: string): void {
    this.#passing.push(id)
    if (this.#passing.length <= MANY) return
    const oldest = this.#passing.shift()!
    if (!this.#byId.get(oldest)?.lasting) this.#byId.delete(oldest)
  }

  find(id: string, passphrase: string | undefined): Session | undefined {
    const session = this.#byId.get(id)
    return session?.passphrase === passphrase ? session : undefined
  }

  /** The person behind these cookies has shown the second factor. */
  passSecondFactor(cookie: string): void {
    const id = cookie.split('; ').find((pair) => pair.startsWith(`${this.cookieName}=`))
    const session = this.#byId.get(id?.slice(this.cookieName.length + 1) ?? '')
    if (session) session.secondFactorPending = false
  }

  /** A new id for the same browser, as each log-in gives. */
  regenerate(session: Session): void {
    this.#byId.delete(session.id)
    session.id = sessionId()
    this.#byId.set(session.id, session)
  }

  /** Forgets who was logged in; the session itself goes on. */
  clear(session: Session): void {
    session.userId = null
    session.loginName = null
    session.appPassword = null
    session.passwordConfirmedAt = 0
    session.secondFactorPending = false
    session.appApi = false
  }
}

/** Whether the password was proved within the last half hour (and 15 seconds). */
export function recentlyConfirmed(session: Session, clock: SandboxClock): boolean {
  return session.passwordConfirmedAt >= clock.seconds() - (30 * 60 + 15)
}
