import { createHash, randomInt, timingSafeEqual } from 'node:crypto'

/**
 * `lsk_` + id (12) + `_` + secret (32) + checksum (6), all of base 62. The id finds the row, the secret
 * (190 bits) proves, the checksum tells a mistyped key from a wrong one without asking the database
 * and lets scanners find keys that were committed by mistake.
 */
const form = /^lsk_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export type NewKey = { id: string; key: string; hash: Buffer }

/** @returns the key itself, shown once, and what is stored of it */
export function makeKey(): NewKey {
  const id = random(12)
  const body = `lsk_${id}_${random(32)}`
  const key = body + checksum(body)
  return { id, key, hash: hashOf(key) }
}

/** @returns the key's id, or undefined for what was never a key of ours */
export function parseKey(key: string): string | undefined {
  const id = form.exec(key)?.[1]
  return id !== undefined && key.endsWith(checksum(key.slice(0, -6))) ? id : undefined
}

/** Plain SHA-256: the secret is random, so there is nothing to guess and no need to be slow. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()

/** Takes as long for a near miss as for a far one. */
export const isSameHash = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)

const random = (length: number) => Array.from({ length }, () => alphabet[randomInt(62)]).join('')

function checksum(body: string): string {
  let value = hashOf(body).readUIntBE(0, 6)
  let digits = ''
  for (let i = 0; i < 6; i++) {
    digits += alphabet[value % 62]
    value = Math.floor(value / 62)
  }
  return digits
}
