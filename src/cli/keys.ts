import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { Cidrs, Groups, Name, Owner, viewOf } from '../access/key.schema.ts'
import { listKeys, reckon } from '../access/key.sql.ts'
import { createKey, endKey, type Made, rotateKey } from '../access/keys.ts'
import { isScope, scopes } from '../access/scope.ts'
import { ConfigError } from '../config.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { withDatabase } from './database.ts'
import { keyTable } from './key-table.ts'

const verbs: Record<string, (args: string[]) => Promise<void>> = { create, list, revoke, rotate }

/** `keys create`, `keys list`, `keys revoke ID`, `keys rotate ID`: whoever has the host may do all of it. */
export async function keysCommand([verb = '', ...args]: string[]): Promise<void> {
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (!run) throw new ConfigError(`Say one of: ${Object.keys(verbs).join(', ')}.`)
  try {
    await run(args)
  } catch (error) {
    throw error instanceof DomainError ? new ConfigError(error.message) : error
  }
}

async function create(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
      owner: { type: 'string' },
      'expires-in': { type: 'string' },
      cidr: { type: 'string', multiple: true },
      group: { type: 'string', multiple: true },
      'require-idempotency-key': { type: 'boolean', default: false }
    }
  })
  const given = (values.scope ?? []).flatMap((scope) => scope.split(',')).filter(Boolean)
  const unknown = given.filter((scope) => !isScope(scope))
  if (!values.name || given.length === 0 || unknown.length > 0) {
    throw new ConfigError(
      `${unknown.length > 0 ? `No such scope: ${unknown.join(', ')}. ` : ''}Say --name NAME and at least one --scope of: ${scopes.join(', ')}.`
    )
  }
  const { name, owner, cidr, group } = values
  const lifetime = durationOf('--expires-in', values['expires-in'])
  if (!Value.Check(Name, name))
    throw new ConfigError('--name has at most 100 characters, and none that do not show.')
  if (owner !== undefined && !Value.Check(Owner, owner))
    throw new ConfigError('--owner has 1 to 400 characters, and none that do not show.')
  if (cidr && !Value.Check(Cidrs, cidr))
    throw new ConfigError(
      '--cidr is an address or a network, such as 10.0.0.0/8 or 2001:db8::/32, each given once.'
    )
  if (group && !Value.Check(Groups, group))
    throw new ConfigError('--group is the id of a group, each given once.')
  await withDatabase(async (pool) => {
    const { ends } = await reckon(pool, { lifetime })
    const wish = {
      name,
      scopes: [...new Set(given.filter(isScope))],
      requireIdempotencyKey: values['require-idempotency-key'],
      ...(cidr && { allowedCidrs: cidr }),
      ...(group && { allowedGroups: group }),
      expiresAt: ends,
      ...(owner !== undefined && { owner })
    }
    show(await inTransaction(pool, (tx) => createKey(tx, wish, {})))
  })
}

async function list(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } })
  await withDatabase(async (pool) => {
    const { now } = await reckon(pool, {})
    const keys = await listKeys(pool, 10_000)
    const text = values.json ? JSON.stringify(keys.map(viewOf), undefined, 2) : keyTable(keys, now)
    process.stdout.write(`${text}\n`)
  })
}

async function revoke(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const id = idOf(positionals)
  await withDatabase(async (pool) => {
    const { name } = await inTransaction(pool, (tx) => endKey(tx, id, {}))
    process.stderr.write(`Key ${id} (${name}) is revoked; it takes effect within a second.\n`)
  })
}

async function rotate(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { overlap: { type: 'string', default: 'PT24H' } }
  })
  const id = idOf(positionals)
  const overlap = durationOf('--overlap', values.overlap)!
  await withDatabase(async (pool) => show(await inTransaction(pool, (tx) => rotateKey(tx, id, overlap, {}))))
}

/** The key alone goes to standard output. */
function show({ row, key }: Made): void {
  process.stderr.write(`Key ${row.id} with ${row.scopes.join(', ')}. It is shown only now:\n`)
  process.stdout.write(`${key}\n`)
}

function idOf(positionals: string[]): string {
  const [id = ''] = positionals
  if (!/^[0-9A-Za-z]{12}$/.test(id) || positionals.length > 1)
    throw new ConfigError('Say the id of one key: the 12 characters after lsk_, as `keys list` shows them.')
  return id
}

const duration =
  /^P(?=[\dT])(?!.*T$)(\d{1,2}Y)?(\d{1,3}M)?(\d{1,3}W)?(\d{1,4}D)?(T(\d{1,4}H)?(\d{1,5}M)?(\d{1,6}S)?)?$/

function durationOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined || duration.test(text)) return text
  throw new ConfigError(`${name} is an ISO 8601 duration, such as P90D or PT12H.`)
}
