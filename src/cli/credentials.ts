import { ConfigError, readConfig } from '../config.ts'
import { forgetRefusedCredential } from '../nextcloud/gate.sql.ts'
import { exAppAccount } from '../nextcloud/gate.ts'
import { withDatabase } from './database.ts'

/** `credentials retry`: the admin account or the ExApp was mended in Nextcloud, its password is the same as before. */
export async function credentialsCommand([verb]: string[]): Promise<void> {
  if (verb !== 'retry') throw new ConfigError('Only `credentials retry` is known.')
  const { nextcloud, appApi } = readConfig()
  if (!nextcloud) throw new ConfigError('NEXTCLOUD_ADMIN_USER is missing: it names the account to try again.')
  await withDatabase(async (pool) => {
    const accounts = nextcloud.admins.map(({ user }) => user)
    for (const user of appApi ? [...accounts, exAppAccount(appApi.id)] : accounts) {
      const forgotten = await forgetRefusedCredential(pool, user)
      process.stdout.write(
        forgotten ? `${user} is used again within a second, on all replicas\n` : `${user} was not refused\n`
      )
    }
  })
}
