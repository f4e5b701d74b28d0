import { readFileSync, renameSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { appendAudit } from '../audit/audit.sql.ts'
import { lossOf } from '../audit/loss.ts'
import { isSigned, parseCheckpoint } from '../audit/note.ts'
import { readHead } from '../audit/proof.sql.ts'
import { ConfigError, readConfig } from '../config.ts'
import { auditKeysOf } from './audit-keys.ts'
import { withDatabase } from './database.ts'

/** `audit go-on`: the database was set back, and nothing better is to be had. The log says so from here on. */
export async function goOnCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { reason: { type: 'string' } } })
  const config = readConfig()
  const { AUDIT_CHECKPOINT_FILE: file } = config
  if (file === undefined)
    throw new ConfigError('AUDIT_CHECKPOINT_FILE is missing: only by it a loss is noticed, and sealing held.')
  const note = readFileSync(file, 'utf8')
  const lost = parseCheckpoint(note)
  if (!lost || !isSigned(note, auditKeysOf(config).signers))
    throw new ConfigError(`${file} has no checkpoint that is signed by a key of AUDIT_SIGNING_KEY.`)
  await withDatabase(async (pool) => {
    const head = await readHead(pool)
    const loss = await lossOf(pool, lost, head)
    if (loss === undefined) {
      process.stdout.write('Nothing is lost: the log goes on by itself.\n')
      return
    }
    const { size } = head
    const { reason } = values
    await appendAudit(pool, {
      action: 'audit.went-on-after-loss',
      actor: 'host',
      details: { size, lost: note, ...(reason !== undefined && { reason }) }
    })
    const kept = `${file}.${lost.size}`
    renameSync(file, kept)
    process.stdout.write(
      `${loss}\nThe log goes on from here, and says so. Keep ${kept}: it is what shows the loss.\n`
    )
  })
}
