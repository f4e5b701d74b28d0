import { parseArgs } from 'node:util'
import { erase } from '../audit/erase.ts'
import { exportCsv, exportNdjson } from '../audit/export.ts'
import { generateSigningKey, isLogName, verifierKeyOf } from '../audit/note.ts'
import { readHead } from '../audit/proof.sql.ts'
import { ConfigError, readConfig } from '../config.ts'
import { openSnapshot } from '../db/snapshot.ts'
import { goOnCommand } from './audit-go-on.ts'
import { auditKeysOf } from './audit-keys.ts'
import { pruneCommand } from './audit-prune.ts'
import { verifyCommand } from './audit-verify.ts'
import { withDatabase, withOwnDatabase } from './database.ts'

const usage = `Say one of
  audit key [NAME]             make a key to sign with; NAME is the log's, such as locksmith.example.org/audit
  audit key --public           what others verify with, of the key that is configured
  audit checkpoint             the signed head of the log
  audit export [--csv]         the whole log, to be verified elsewhere, or a table to read
  audit verify                 whether the log is what was sealed: [--export FILE] [--checkpoint FILE …] [--key KEY …] [--json]
  audit pseudonymise USER      put a pseudonym in the place of a person: [--also ADDRESS …] [--reason WHY]
  audit prune --before TIME    delete what is older, once a second person approved it: [--approval ID]
  audit go-on                  after a restore from a backup that is not the last: [--reason WHY]`

const verbs: Record<string, (args: string[]) => Promise<void>> = {
  key: keyCommand,
  checkpoint: checkpointCommand,
  export: exportCommand,
  verify: verifyCommand,
  pseudonymise: pseudonymiseCommand,
  prune: pruneCommand,
  'go-on': goOnCommand
}

/** `audit …`: what only whoever has the host and the database may, or must be able to without a service that runs. */
export async function auditCommand([verb = '', ...args]: string[]): Promise<void> {
  const command = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (!command) throw new ConfigError(usage)
  await command(args)
}

async function keyCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { public: { type: 'boolean', default: false } },
    allowPositionals: true
  })
  if (values.public) {
    for (const signer of auditKeysOf(readConfig()).signers) process.stdout.write(`${verifierKeyOf(signer)}\n`)
    return
  }
  const [name = 'locksmith.example.org/audit'] = positionals
  if (!isLogName(name)) throw new ConfigError('The name of a log has neither spaces nor +.')
  process.stdout.write(`${generateSigningKey(name)}\n`)
}

async function checkpointCommand(): Promise<void> {
  await withDatabase(async (pool) => {
    const { checkpoint } = await readHead(pool)
    if (checkpoint === null) throw new ConfigError('Nothing was sealed yet.')
    process.stdout.write(checkpoint)
  })
}

async function exportCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { csv: { type: 'boolean', default: false } } })
  await withDatabase(async (pool) => {
    const { db, close } = await openSnapshot(pool)
    try {
      for await (const piece of values.csv ? exportCsv(db, {}) : exportNdjson(db, undefined))
        if (!process.stdout.write(piece))
          await new Promise((resolve) => process.stdout.once('drain', resolve))
    } finally {
      await close()
    }
  })
}

async function pseudonymiseCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { also: { type: 'string', multiple: true, default: [] }, reason: { type: 'string' } },
    allowPositionals: true
  })
  const [userId, ...others] = positionals
  if (!userId || others.length > 0) throw new ConfigError('Say whom: `audit pseudonymise USER`.')
  await withOwnDatabase(async (pool) => {
    const { pseudonym, events } = await erase(pool, userId, values.also, values.reason)
    process.stdout.write(
      events === 0
        ? 'No event is about, by, or names this person. Nothing was done.\n'
        : `${pseudonym} stands in the person's place now, in ${events} events\n`
    )
  })
}
