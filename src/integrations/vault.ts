/** Secrets that have to be given out again, so cannot be hashed: encrypted at rest, under keys of the environment alone. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { Secret } from '../secret.ts'

export type Vault = {
  /** @param context whose secret it is: it opens with the same one alone */
  seal(secret: Secret, context: string): Buffer
  /** @returns undefined where no key opens it, or it belongs to another context */
  open(sealed: Buffer, context: string): Secret | undefined
  /** Whether another key than the first one encrypted it. */
  isOld(sealed: Buffer): boolean
}

/** AES-256-GCM: form (1 byte), id of the key (4), nonce (12), the secret, tag (16). */
const form = 1
const [idAt, nonceAt, textAt, tagLength] = [1, 5, 17, 16]

/** Enough to tell a handful of keys apart, and no help in guessing one. */
const idOf = (key: Buffer) => createHash('sha256').update('vault').update(key).digest().subarray(0, 4)

/**
 * @param keys of 32 bytes; the first one encrypts, all decrypt
 * @returns undefined without any
 */
export function createVault(keys: Buffer[]): Vault | undefined {
  const [first] = keys
  if (!first) return undefined
  return {
    seal(secret, context) {
      const nonce = randomBytes(textAt - nonceAt)
      const cipher = createCipheriv('aes-256-gcm', first, nonce).setAAD(Buffer.from(context))
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(form), idOf(first), nonce, text, cipher.getAuthTag()])
    },
    isOld: (sealed) => !idOf(first).equals(sealed.subarray(idAt, nonceAt)),
    open(sealed, context) {
      const key = keys.find((each) => idOf(each).equals(sealed.subarray(idAt, nonceAt)))
      if (!key || sealed[0] !== form || sealed.length < textAt + tagLength) return undefined
      const nonce = sealed.subarray(nonceAt, textAt)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(-tagLength))
      try {
        const text = [decipher.update(sealed.subarray(textAt, -tagLength)), decipher.final()]
        return new Secret(Buffer.concat(text).toString('utf8'))
      } catch {
        return undefined
      }
    }
  }
}

const keyForm = /^[A-Za-z0-9+/]{43}=$/

/**
 * Reads keys of 32 bytes in base64, one a line (`openssl rand -base64 32`).
 * @returns undefined where a line is none
 */
export function parseKeys(text: string): Buffer[] | undefined {
  const lines = text.split(/\s+/).filter(Boolean)
  return lines.every((line) => keyForm.test(line))
    ? lines.map((line) => Buffer.from(line, 'base64'))
    : undefined
}
