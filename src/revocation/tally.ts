import type { Token } from '../nextcloud/session.ts'
import type { Counted } from './driver.ts'

/** Which tokens were met, over all attempts of a step: whoever takes over after a crash still counts right. */
export class Tally {
  readonly #kinds = new Map<number, 'session' | 'app-password'>()

  /** @param progress what an earlier attempt saved of {@link toJSON} */
  constructor(progress: Record<string, unknown> | null) {
    for (const [id, kind] of Object.entries((progress?.tokens ?? {}) as Record<string, unknown>)) {
      if (kind === 'session' || kind === 'app-password') this.#kinds.set(Number(id), kind)
    }
  }

  /** Whether any was ever to go: then some may have been deleted, by this attempt or an earlier one. */
  get isEmpty(): boolean {
    return this.#kinds.size === 0
  }

  /** @returns whether any of them is new */
  note(tokens: Token[]): boolean {
    const before = this.#kinds.size
    for (const { id, kind } of tokens) if (kind !== 'wiped') this.#kinds.set(id, kind)
    return this.#kinds.size > before
  }

  without(left: Token[]): Counted {
    const still = new Set(left.map((token) => token.id))
    return count([...this.#kinds].filter(([id]) => !still.has(id)).map(([, kind]) => kind))
  }

  toJSON(): object {
    return { tokens: Object.fromEntries(this.#kinds) }
  }
}

export const count = (kinds: Token['kind'][]): Counted => ({
  sessions: kinds.filter((kind) => kind === 'session').length,
  appPasswords: kinds.filter((kind) => kind === 'app-password').length
})
