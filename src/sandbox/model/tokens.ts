import type { SandboxClock } from '../clock.ts'

/** 0 browser session, 1 app password, 2 app password that waits for a remote wipe. */
export type TokenType = 0 | 1 | 2 | 3

/** A row of oc_authtoken. */
export interface Token {
  id: number
  userId: string
  loginName: string
  /** The session's id or the app password itself. */
  secret: string
  /** The account's password as this token last knew it; null where it was made without one. */
  password: string | null
  passwordInvalid: boolean
  name: string
  type: TokenType
  /** Seconds. */
  lastActivity: number
  lastCheck: number
  filesystem: boolean
  /** Milliseconds: until then the web server remembers the row, whatever becomes of it in the database. */
  cachedUntil: number
}

export interface NewToken {
  userId: string
  loginName: string
  secret: string
  password: string | null
  name: string
  type: TokenType
}

/** However many a user has. */
const READ_AT_ONCE = 1_000

/** `TOKEN_CACHE_TTL` of Nextcloud's PublicKeyTokenProvider. */
const CACHED_MS = 10_000

/** The table of sessions and app passwords. A row lives until somebody deletes it (fact 1). */
export class Tokens {
  #rows = new Map<number, Token>()
  #bySecret = new Map<string, Token>()
  /** Deleted by others than the web server, which remembers them. */
  #ghosts = new Map<string, Token>()
  #ids: Map<string, Set<number>> = new Map()
  /** By user, the password that all their tokens know: then there is nothing to learn. */
  #known = new Map<string, string>()
  #lastId = 0
  #clock: SandboxClock
  #onRemove: (token: Token) => void

  constructor(clock: SandboxClock, onRemove: (token: Token) => void) {
    this.#clock = clock
    this.#onRemove = onRemove
  }

  add(token: NewToken): Token {
    const now = this.#clock.seconds()
    const name = [...token.name].length > 128 ? `${[...token.name].slice(0, 120).join('')}…` : token.name
    const row: Token = {
      ...token,
      name,
      id: ++this.#lastId,
      passwordInvalid: false,
      lastActivity: now,
      lastCheck: now,
      filesystem: true,
      cachedUntil: this.#clock.now() + CACHED_MS
    }
    this.#rows.set(row.id, row)
    this.#bySecret.set(row.secret, row)
    const ids = this.#ids.get(row.userId) ?? new Set()
    this.#ids.set(row.userId, ids.add(row.id))
    if (token.password !== this.#known.get(row.userId)) this.#known.delete(row.userId)
    // A first token with another password than the older ones brings those up to date.
    if (token.password !== null) this.learnPassword(token.userId, token.password)
    return row
  }

  get(id: number): Token | undefined {
    return this.#rows.get(id)
  }

  bySecret(secret: string): Token | undefined {
    return this.#bySecret.get(secret)
  }

  /** What the web server finds: the row, or what it remembers of one that was deleted behind its back. */
  lookUp(secret: string): Token | undefined {
    const now = this.#clock.now()
    const row = this.#bySecret.get(secret)
    if (row) {
      if (row.cachedUntil <= now) row.cachedUntil = now + CACHED_MS
      return row
    }
    const ghost = this.#ghosts.get(secret)
    if (ghost && ghost.cachedUntil > now) return ghost
    this.#ghosts.delete(secret)
    return undefined
  }

  /** It was written back, and with it what the web server remembers. */
  remember(token: Token): void {
    token.cachedUntil = this.#clock.now() + CACHED_MS
  }

  of(userId: string): Token[] {
    return [...(this.#ids.get(userId) ?? [])].map((id) => this.#rows.get(id)!)
  }

  /** What Nextcloud reads of them: in no order that could be relied on, here the oldest. */
  firstOf(userId: string): Token[] {
    return this.of(userId).slice(0, READ_AT_ONCE)
  }

  /** By the web server: it knows at once. */
  remove(token: Token): void {
    this.#delete(token)
    this.#ghosts.delete(token.secret)
  }

  removeSecret(secret: string): void {
    const token = this.#bySecret.get(secret)
    if (token) this.remove(token)
    this.#ghosts.delete(secret)
  }

  /** By occ or SQL: the web server goes on with what it remembers, for ten seconds at most after it read the row. */
  removeUnseen(token: Token): void {
    this.#delete(token)
    if (token.cachedUntil > this.#clock.now()) this.#ghosts.set(token.secret, token)
  }

  #delete(token: Token): void {
    this.#rows.delete(token.id)
    this.#bySecret.delete(token.secret)
    this.#ids.get(token.userId)?.delete(token.id)
    this.#onRemove(token)
  }

  /**
   * What every log-in with the real password does: all tokens of the user learn it, and those that
   * were marked `password_invalid` come back to life (fact 1). A token that knew this password
   * already stays as it is.
   */
  learnPassword(userId: string, password: string): void {
    if (this.#known.get(userId) === password) return
    this.#known.set(userId, password)
    for (const token of this.of(userId)) {
      if (token.password === password) continue
      token.password = password
      token.passwordInvalid = false
    }
  }
}
