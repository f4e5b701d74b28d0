import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { parseAllowList } from '../integrations/outbound/allow-list.ts'
import { readSigningKeys } from '../integrations/ssf/keys.ts'
import { parseKeys } from '../integrations/vault.ts'
import type { WorldOptions } from '../world.ts'
import { stateFolderOf } from './state-folder.ts'

/** Where a newcomer's own receiver listens. */
const loopback = ['localhost', '127.0.0.0/8', '::1']

/**
 * What webhooks and streams need beside the configuration: on the embedded database keys in the folder where that is, too; in
 * the sandbox loopback as a target. With a database and a Nextcloud of one's own nothing is made up.
 */
export function outwardOf(config: Config): NonNullable<WorldOptions['outward']> {
  const isSandbox = config.nextcloud === undefined
  const isBare = isSandbox || config.DATABASE_URL === undefined
  const folder = isBare ? stateFolderOf(config) : undefined
  return {
    ...(folder && config.vaultKeys.length === 0 && { vaultKeys: vaultKeysIn(folder) }),
    ...(folder && config.signingKeys.length === 0 && { signingKeys: signingKeysIn(folder) }),
    ...(isSandbox && !config.OUTBOUND_ALLOW && { allow: parseAllowList(loopback)! })
  }
}

/** What was encrypted with it is to be read after a restart. */
function vaultKeysIn(folder: string): Buffer[] {
  const path = join(folder, 'webhook-key')
  const keys = parseKeys(madeOnce(path, () => randomBytes(32).toString('base64')))
  if (!keys?.length) throw new Error(`${path} holds no key: delete it, and make webhooks anew`)
  return keys
}

/** What was signed with it is to be verified after a restart. */
function signingKeysIn(folder: string): KeyObject[] {
  const path = join(folder, 'ssf-signing-key')
  const keys = readSigningKeys(madeOnce(path, makeRsaKey))
  if (typeof keys === 'string' || keys.length === 0)
    throw new Error(`${path} holds no key: delete it, and a new one is made`)
  return keys
}

const makeRsaKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })

/** What is in the file, which is made where it is not there; by one of several processes. */
function madeOnce(path: string, make: () => string | Buffer): string {
  if (!existsSync(path)) {
    try {
      writeFileSync(path, `${String(make()).trim()}\n`, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return readFileSync(path, 'utf8')
}
