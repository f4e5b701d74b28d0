/** What stands in the link of a mail: whoever has it can answer, so nothing but its hash is kept. */
import { createHash, randomBytes } from 'node:crypto'
import { Secret } from '../secret.ts'

export type NewLink = {
  /** The last part of the link; in the mail alone. */
  token: Secret
  /** For `campaign_mail.link_hash`. */
  hash: Buffer
}

/** 256 random bits, in characters that every mail program takes for a part of the link. */
export function newLink(): NewLink {
  const token = randomBytes(32).toString('base64url')
  return { token: new Secret(token), hash: hashOfLink(token) }
}

/** SHA-256: enough for what is random, and whatever is asked for takes the same time to be looked up. */
export const hashOfLink = (token: string): Buffer => createHash('sha256').update(token).digest()
