import type { Token } from '../nextcloud/session.ts'
import type { Counted } from './driver.ts'

/** Which tokens were met, over all attempts of a step: whoever takes over after a crash still counts right. */
export class Tally {
  readonly #kinds = new Map<number, 'session' | 'app-password'>()
  readonly #passkeys = new Set<number>()

  /** @param progress what an earlier attempt saved of {@link toJSON} */
  constructor(progress: Record<string, unknown> | null) {
    for (const [id, kind] of Object.entries((progress?.tokens ?? {}) as Record<string, unknown>)) {
      if (kind === 'session' || kind === 'app-password') this.#kinds.set(Number(id), kind)
    }
    const passkeys: unknown = progress?.passkeys
    if (Array.isArray(passkeys)) for (const id of passkeys) this.#passkeys.add(Number(id))
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

  /** @returns whether any of them is new */
  notePasskeys(passkeys: { id: number }[]): boolean {
    const before = this.#passkeys.size
    for (const { id } of passkeys) this.#passkeys.add(id)
    return this.#passkeys.size > before
  }

  passkeysWithout(left: { id: number }[]): number {
    const still = new Set(left.map(({ id }) => id))
    return [...this.#passkeys].filter((id) => !still.has(id)).length
  }

  toJSON(): object {
    return {
      tokens: Object.fromEntries(this.#kinds),
      ...(this.#passkeys.size > 0 && { passkeys: [...this.#passkeys] })
    }
  }
}

export const count = (kinds: Token['kind'][]): Counted => ({
  sessions: kinds.filter((kind) => kind === 'session').length,
  appPasswords: kinds.filter((kind) => kind === 'app-password').length
})
