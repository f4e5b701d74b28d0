import { generateKeyPairSync } from 'node:crypto'

/** A key as `openssl genpkey` writes it. */
export const makeSigningKey = (bits = 2_048): string =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
