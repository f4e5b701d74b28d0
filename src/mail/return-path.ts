import { randomBytes } from 'node:crypto'

/** Lower case, since mail servers may lower addresses, without what people mistake for something else (l, o, 0, 1). */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
const length = 26
const inAddress = new RegExp(`\\+([${alphabet}]{${length}})@`, 'i')
const alone = new RegExp(`^[${alphabet}]{${length}}$`, 'i')

/** The header by which a mail is known again where only its text comes back, not its return path. */
export const mailIdHeader = 'X-Locksmith-Mail'

/** 26 characters, 130 random bits: nobody but who gets the mail can say that it came back. */
export const newMailId = (): string =>
  Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('')

/**
 * Where a mail comes back to: an address of its own for each (VERP), so that it is known which one did whatever is
 * left of it.
 * @param address `bounces@example.org` → `bounces+<mailId>@example.org`
 */
export function returnPathOf(address: string, mailId: string): string {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, at)}+${mailId}${address.slice(at)}`
}

/** The mail whose return path is somewhere in this text, also as relays rewrite it (SRS, BATV); or the id alone. */
export const mailIdOf = (text: string): string | undefined =>
  (inAddress.exec(text)?.[1] ?? alone.exec(text.trim())?.[0])?.toLowerCase()
