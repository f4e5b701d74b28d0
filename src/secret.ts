import { randomInt } from 'node:crypto'
import { inspect } from 'node:util'

/** A value that no log, error, JSON or template can show; only `reveal()` gives it, where it is sent. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

const classes = [
  'abcdefghijkmnopqrstuvwxyz',
  'ABCDEFGHJKLMNPQRSTUVWXYZ',
  '23456789',
  '-_.!~*()+=#%&@$?'
] as const

/** Longer than any policy asks for, and under the 250 bytes up to which Nextcloud's form login works. */
const length = 96

/** A password with every class of characters that a policy may ask for; over 500 bits. */
export function randomPassword(): Secret {
  const all = classes.join('')
  const picked = Array.from({ length }, (_, i) => pick(classes[i] ?? all))
  // Fisher–Yates: else the first four places would tell their class.
  for (let i = length - 1; i > 0; i--) {
    const j = randomInt(i + 1)
    ;[picked[i], picked[j]] = [picked[j]!, picked[i]!]
  }
  return new Secret(picked.join(''))
}

const pick = (from: string) => from[randomInt(from.length)]!
