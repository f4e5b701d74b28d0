import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { parseVerifierKey, type Verifier } from '../audit/note.ts'
import type { Verdict, VerifyOptions } from '../audit/verify.ts'
import { verifyDatabase } from '../audit/verify-database.ts'
import { verifyExport } from '../audit/verify-export.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { auditKeysOf } from './audit-keys.ts'
import { withDatabase } from './database.ts'

/**
 * `audit verify`: whether the log, in the database or in an export, is what was sealed. Ends with 1 where it is not. What
 * left the house last is compared, too, where AUDIT_CHECKPOINT_FILE has it.
 */
export async function verifyCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      export: { type: 'string' },
      checkpoint: { type: 'string', multiple: true, default: [] },
      key: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false }
    }
  })
  const config = readConfig()
  const given = values.key.map(readKey)
  const verdict =
    values.export === undefined
      ? await verifyHere(config, values.checkpoint, given)
      : await verifyFile(values.export, { checkpoints: values.checkpoint.map(readText), verifiers: given })
  process.stdout.write(values.json ? `${JSON.stringify(verdict, null, 2)}\n` : inWords(verdict))
  if (!verdict.ok) process.exitCode = 1
}

async function verifyHere(config: Config, files: string[], given: Verifier[]): Promise<Verdict> {
  const keys = auditKeysOf(config)
  const { AUDIT_CHECKPOINT_FILE: own } = config
  const all = own !== undefined && existsSync(own) && !files.includes(own) ? [...files, own] : files
  let verdict: Verdict | undefined
  await withDatabase(async (pool) => {
    const options = { checkpoints: all.map(readText), verifiers: [...keys.signers, ...given] }
    verdict = await verifyDatabase(pool, options, keys)
  })
  return verdict!
}

async function verifyFile(file: string, options: VerifyOptions): Promise<Verdict> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  return verifyExport(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), options)
}

/** A key itself, or a file that has it. */
function readKey(given: string): Verifier {
  const key = parseVerifierKey(existsSync(given) ? readText(given).trim() : given)
  if (!key) throw new ConfigError(`--key ${given} is no key: \`locksmith host audit key --public\` says it.`)
  return key
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
}

const most = 50

function inWords({ ok, size, root, events, findings, notes }: Verdict): string {
  const lines = findings
    .slice(0, most)
    .map(({ kind, index, seq, detail }) =>
      [kind.toUpperCase(), index !== null && `leaf ${index}`, seq !== null && `event ${seq}`, detail]
        .filter(Boolean)
        .join('  ')
    )
  if (findings.length > most) lines.push(`… and ${findings.length - most} more`)
  return [
    ...lines,
    ...notes.map((note) => `Note: ${note}`),
    ok
      ? `Verified: ${events} events, ${size} leaves, root ${root}`
      : `NOT as it was sealed: ${findings.length} findings in ${events} events`,
    ''
  ].join('\n')
}
