import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { parseAllowList } from '../integrations/outbound/allow-list.ts'
import { parseKeys } from '../integrations/vault.ts'
import type { WorldOptions } from '../world.ts'
import { stateFolderOf } from './state-folder.ts'

/** Where a newcomer's own receiver listens. */
const loopback = ['localhost', '127.0.0.0/8', '::1']

/**
 * What webhooks need beside the configuration: on the embedded database a key in the folder where that is, too; in the
 * sandbox loopback as a target. With a database and a Nextcloud of one's own nothing is made up.
 */
export function outwardOf(config: Config): NonNullable<WorldOptions['outward']> {
  const isSandbox = config.nextcloud === undefined
  const isBare = isSandbox || config.DATABASE_URL === undefined
  return {
    ...(isBare && config.vaultKeys.length === 0 && { vaultKeys: keysIn(stateFolderOf(config)) }),
    ...(isSandbox && !config.OUTBOUND_ALLOW && { allow: parseAllowList(loopback)! })
  }
}

/** Made once: what was encrypted with it is to be read after a restart. */
function keysIn(folder: string): Buffer[] {
  const path = join(folder, 'webhook-key')
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const keys = parseKeys(readFileSync(path, 'utf8'))
  if (!keys?.length) throw new Error(`${path} holds no key: delete it, and make webhooks anew`)
  return keys
}
