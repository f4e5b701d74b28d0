import { randomFillSync } from 'node:crypto'

/** Asking the system for a few bytes at a time cost a tenth of a call. */
const pool = Buffer.alloc(32_768)
let used = pool.length

function bytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return pool.subarray(used, (used += count))
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits, as Nextcloud's reset tokens (21) and app passwords (72) are. */
export function alphanumerics(length: number): string {
  const characters: string[] = []
  while (characters.length < length) {
    const byte = bytes(1)[0]!
    // Of the numbers up to 255 the last few would come up too often.
    if (byte < 248) characters.push(alphanumeric[byte % 62]!)
  }
  return characters.join('')
}

/** Like PHP's session ids: 26 of a–v and 0–9. */
export function sessionId(): string {
  return Array.from(bytes(26), (byte) => 'abcdefghijklmnopqrstuv0123456789'[byte % 32]).join('')
}

export const base64 = (count: number): string => bytes(count).toString('base64')

/** An app password as the settings page gives it to people: five groups of five. */
export function devicePassword(): string {
  return Array.from({ length: 5 }, () => alphanumerics(5)).join('-')
}
