import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditKeys, readAuditKeys } from '../audit/keys.ts'
import { generateSigningKey } from '../audit/note.ts'
import { type Config, ConfigError } from '../config.ts'
import { stateFolderOf } from './state-folder.ts'

/**
 * What the audit is signed with. On a bare machine a key is made and kept beside the embedded database: good to try it
 * out, and no proof against whoever has the machine.
 * @throws ConfigError in production, where it has to be configured, and all replicas need the same
 */
export function auditKeysOf(config: Config): AuditKeys {
  if (config.auditKeys) return config.auditKeys
  if (process.env.NODE_ENV === 'production')
    throw new ConfigError(
      'AUDIT_SIGNING_KEY is missing: the audit log is signed with it. `locksmith host audit key` makes one.'
    )
  const file = join(stateFolderOf(config), 'audit-signing-key')
  try {
    writeFileSync(file, generateSigningKey('locksmith.localhost/audit'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const keys = readAuditKeys(readFileSync(file, 'utf8'))
  if (!keys) throw new ConfigError(`${file} is no signing key: delete it, and a new one is made.`)
  return keys
}
