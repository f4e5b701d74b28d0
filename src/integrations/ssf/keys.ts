/** Keys that SETs are signed by: RSA, in PEM, one after another. */
import { createPrivateKey, type KeyObject } from 'node:crypto'

const leastBits = 2_048

const usage =
  'SSF_SIGNING_KEY must be RSA private keys in PEM (PKCS#8), one after another: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`.'

/**
 * Reads the setting. The first key signs; of all the public halves are published.
 * @returns a sentence that says what is wrong, and nothing of what was given
 */
export function readSigningKeys(text: string): KeyObject[] | string {
  const block = /-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----/g
  const blocks = text.match(block) ?? []
  if (text.replaceAll(block, '').trim() !== '') return usage
  const keys: KeyObject[] = []
  for (const [n, pem] of blocks.entries()) {
    const key = parse(pem)
    if (!key) return usage
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
    if (type !== 'rsa') return `SSF_SIGNING_KEY: key ${n + 1} is of type ${type}, and RS256 needs RSA.`
    const bits = details?.modulusLength ?? 0
    if (bits < leastBits)
      return `SSF_SIGNING_KEY: key ${n + 1} has ${bits} bits, and RS256 needs ${leastBits} at least.`
    keys.push(key)
  }
  return keys
}

function parse(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    return undefined
  }
}
