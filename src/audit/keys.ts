/** What the audit is signed with, and what shows that a row was written by Locksmith. None of it is in the database. */
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import { parseSigningKey, type Signer } from './note.ts'

/** Of those who may write: the first signs and marks, and all are known, so that a key can be replaced. */
export type AuditKeys = {
  signers: readonly [Signer, ...Signer[]]
  marks: readonly [Mark, ...Mark[]]
}

/** Marks what only a holder of the key can: HMAC-SHA-256, cut to 128 bits. */
export type Mark = (text: string) => Buffer

/**
 * @param text keys as `generateSigningKey` gives them, one a line, all of one name: that of the log
 * @returns undefined where one of them is none
 */
export function readAuditKeys(text: string): AuditKeys | undefined {
  const [first, ...others] = text.split(/\s+/).flatMap((line) => (line ? [parseSigningKey(line)] : []))
  if (!first || !others.every((other) => other?.name === first.name)) return undefined
  const signers = [first, ...(others as Signer[])] as const
  return { signers, marks: [markOf(first), ...(others as Signer[]).map(markOf)] }
}

export function markOf({ seed }: Pick<Signer, 'seed'>): Mark {
  // A key that is made once: of bytes one is made for each mark, which costs four times the mark.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', seed, '', 'locksmith audit mark', 32)))
  return (text) => createHmac('sha256', key).update(text).digest().subarray(0, 16)
}

/** Whether a holder of one of the keys made this mark. */
export const isMarked = ({ marks }: AuditKeys, text: string, mac: Buffer): boolean =>
  marks.some((mark) => {
    const own = mark(text)
    return own.length === mac.length && timingSafeEqual(own, mac)
  })

/** What is marked of a leaf: that this one was sealed at this place. @param hash in hex */
export const leafText = (index: number, hash: string) => `leaf ${index} ${hash}`
