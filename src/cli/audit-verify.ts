import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Line } from '../audit/log.ts'
import { parseVerifierKey, type Verifier } from '../audit/note.ts'
import { LogVerifier, type Verdict, type VerifyOptions } from '../audit/verify.ts'
import { verifyDatabase } from '../audit/verify-database.ts'
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
      : await verifyExport(values.export, { checkpoints: values.checkpoint.map(readText), verifiers: given })
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

async function verifyExport(file: string, options: VerifyOptions): Promise<Verdict> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  const verifier = new LogVerifier(options)
  let number = 0
  let isOver = false
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    try {
      const line = readLine(text)
      if ((line.type === 'export') !== (number === 1) || isOver) throw new TypeError('It is out of place')
      isOver = line.type === 'end'
      verifier.add(line)
    } catch {
      verifier.breakOff(`Line ${number} is none of an export.`)
      break
    }
  }
  return verifier.finish()
}

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const OrNull = (schema: TSchema) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Open = Type.Object({}, { additionalProperties: true })

/** What a line has to have, so that it can be judged. */
const shapes = {
  export: Compile(
    Type.Object({
      version: Type.Literal(1),
      filter: OrNull(Open),
      pruned: OrNull(Type.Object({ size: Count, frontier: Type.Array(Hash) }))
    })
  ),
  event: Compile(
    Type.Object({
      index: Count,
      hash: Hash,
      entry: OrNull(
        Type.Object({ seq: Count, personal: Type.String(), action: Type.String(), details: Open })
      ),
      salt: OrNull(Type.String()),
      personal: OrNull(Open),
      erased: Type.Array(Type.String())
    })
  ),
  checkpoint: Compile(Type.Object({ size: Count, note: Type.String() })),
  end: Compile(Type.Object({ checkpoint: OrNull(Type.String()) }))
} satisfies Record<Line['type'], object>

/** @throws SyntaxError, TypeError */
function readLine(text: string): Line {
  const line = JSON.parse(text) as Line
  const shape = Object.hasOwn(shapes, line?.type) ? shapes[line.type] : undefined
  if (!shape?.Check(line)) throw new TypeError('It has not the shape of a line')
  return line
}

/** A key itself, or a file that has it. */
function readKey(given: string): Verifier {
  const key = parseVerifierKey(existsSync(given) ? readText(given).trim() : given)
  if (!key) throw new ConfigError(`--key ${given} is no key: \`locksmith audit key --public\` says it.`)
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
