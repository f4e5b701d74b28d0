import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Pool } from '../db/pool.ts'
import { NextcloudError } from './errors.ts'
import { findRefusedCredentials, rememberRefusedCredential } from './gate.sql.ts'
import type { Credentials } from './transport.ts'

/** Once Nextcloud refuses a credential, no replica sends it again until it changes (fact 7). */
export type CredentialGate = {
  /** @throws NextcloudError credentials-refused, without asking Nextcloud */
  assertOpen(): Promise<void>
  /** Nextcloud refused the credential just now. */
  refused(error: NextcloudError): Promise<void>
}

export type GateOptions = {
  /** Told once of each refusal. */
  onRefused(account: string): void
  /** What is said while it is closed: public sentences. Default: of an admin account. */
  closed?(at: Date): string
  /** For so long it counts what was looked up; 0: not at all. Default 1 s. Milliseconds. */
  recheckMs?: number
}

/** As what an ExApp stands in the gate, beside the admin accounts: user ids have no colon. */
export const exAppAccount = (id: string): string => `AppAPI:${id}`

export function createCredentialGate(
  pool: Pool,
  admin: Credentials,
  { onRefused, closed: saying = adminRefused, recheckMs = 1_000 }: GateOptions
): CredentialGate {
  let closed: NextcloudError | undefined
  let checkedAt = Number.NEGATIVE_INFINITY
  let checking: Promise<void> | undefined

  async function check() {
    let refused: Date | undefined
    for (const row of await findRefusedCredentials(pool, admin.user)) {
      // Another password was refused, of before or of another replica: that says nothing of ours.
      if (timingSafeEqual(row.fingerprint, await fingerprint(admin, row.salt))) refused = row.refusedAt
    }
    closed = refused && new NextcloudError('credentials-refused', saying(refused), { notSent: true })
  }

  return {
    async assertOpen() {
      if (performance.now() - checkedAt >= recheckMs) {
        checkedAt = performance.now()
        checking = check().finally(() => {
          checking = undefined
        })
      }
      // Whoever comes while it is looked up waits for what is found.
      await checking
      if (closed) throw closed
    },
    async refused(error) {
      if (closed) return
      closed = error
      checkedAt = performance.now()
      const salt = randomBytes(16)
      await rememberRefusedCredential(pool, admin.user, salt, await fingerprint(admin, salt))
      onRefused(admin.user)
    }
  }
}

const adminRefused = (at: Date) =>
  `Nextcloud refused the admin account of Locksmith at ${at.toISOString()}, and it was not asked again. Set the right NEXTCLOUD_ADMIN_PASSWORD and restart, or run \`locksmith host credentials retry\` if the account was mended in Nextcloud.`

/** Slow to guess from and different in each row, so that a copy of the table tells nothing of the password. */
const fingerprint = ({ user, password }: Credentials, salt: Buffer): Promise<Buffer> =>
  slowHash(JSON.stringify([user, password]), salt, 32, { N: 2 ** 15, r: 8, maxmem: 64 * 1024 * 1024 })

const slowHash = promisify<string, Buffer, number, object, Buffer>(scrypt)
