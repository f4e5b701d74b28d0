import { randomBytes, randomInt } from 'node:crypto'

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits, as Nextcloud's reset tokens (21) and app passwords (72) are. */
export function alphanumerics(length: number): string {
  return Array.from({ length }, () => alphanumeric[randomInt(alphanumeric.length)]).join('')
}

/** Like PHP's session ids: 26 of a–v and 0–9. */
export function sessionId(): string {
  return Array.from({ length: 26 }, () => 'abcdefghijklmnopqrstuv0123456789'[randomInt(32)]).join('')
}

export const base64 = (bytes: number): string => randomBytes(bytes).toString('base64')

/** An app password as the settings page gives it to people: five groups of five. */
export function devicePassword(): string {
  return Array.from({ length: 5 }, () => alphanumerics(5)).join('-')
}
