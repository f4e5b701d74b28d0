import type { SandboxClock } from '../clock.ts'
import type { User } from './users.ts'

/** Who set a password: `created` and `updateUser` are the control API's. */
export type PasswordSetter = 'created' | 'admin' | 'person' | 'reset link' | 'updateUser'

/** A password that an account had at some time. */
export interface HeldPassword {
  password: string
  /** Milliseconds by the sandbox's clock. */
  at: number
  by: PasswordSetter
  /** The id of who was logged in: which admin. */
  actor: string | null
}

/** A time at which an account was enabled or disabled. */
export interface EnabledChange {
  enabled: boolean
  /** Milliseconds by the sandbox's clock. */
  at: number
  by: 'created' | 'admin' | 'updateUser'
  /** The id of who was logged in: which admin. */
  actor: string | null
}

/** A reset link that was made. */
export interface MadeLink {
  link: string
  token: string
  /** Milliseconds by the sandbox's clock. */
  at: number
  /** Where it was mailed to. */
  address: string
  /** False: the mail could not be sent, and nobody ever saw the link. */
  delivered: boolean
}

/** What a test wants to know afterwards and Nextcloud forgets; kept by id, also when the account is deleted. */
export class Histories {
  #passwords = new Map<string, HeldPassword[]>()
  #links = new Map<string, MadeLink[]>()
  #enabled = new Map<string, EnabledChange[]>()
  #clock: SandboxClock

  constructor(clock: SandboxClock) {
    this.#clock = clock
  }

  notePassword(user: User, by: PasswordSetter, actor: User | null = null): void {
    if (user.password === null) return
    const held = { password: user.password, at: this.#clock.now(), by, actor: actor?.id ?? null }
    push(this.#passwords, user.id, held)
  }

  noteLink(user: User, link: Omit<MadeLink, 'at'>): void {
    push(this.#links, user.id, { ...link, at: this.#clock.now() })
  }

  /** Only a change is noted: enabling who is enabled is none. */
  noteEnabled(user: User, by: EnabledChange['by'], actor: User | null = null): void {
    const { enabled } = user
    if (by !== 'created' && this.enabledOf(user.id).at(-1)?.enabled === enabled) return
    push(this.#enabled, user.id, { enabled, at: this.#clock.now(), by, actor: actor?.id ?? null })
  }

  /** Oldest first; the first is the account's creation. */
  enabledOf(userId: string): readonly EnabledChange[] {
    return this.#enabled.get(userId.toLowerCase()) ?? []
  }

  /** Oldest first. */
  passwordsOf(userId: string): readonly HeldPassword[] {
    return this.#passwords.get(userId.toLowerCase()) ?? []
  }

  /** Oldest first. */
  linksOf(userId: string): readonly MadeLink[] {
    return this.#links.get(userId.toLowerCase()) ?? []
  }
}

function push<T>(map: Map<string, T[]>, userId: string, value: T): void {
  const key = userId.toLowerCase()
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
