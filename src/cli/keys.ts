import { parseArgs } from 'node:util'
import { insertKey } from '../access/key.sql.ts'
import { makeKey } from '../access/key.ts'
import { isScope, scopes } from '../access/scope.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import { ConfigError } from '../config.ts'
import { inTransaction } from '../db/transaction.ts'
import { withDatabase } from './database.ts'

/** `keys create --name NAME --scope S [--scope S …] [--require-idempotency-key]`: prints the key, which is shown this once. */
export async function keysCommand([verb, ...args]: string[]): Promise<void> {
  if (verb !== 'create') throw new ConfigError('Only `keys create --name NAME --scope SCOPE` is known.')
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string' },
      scope: { type: 'string', multiple: true },
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
  const { id, key, hash } = makeKey()
  const requireIdempotencyKey = values['require-idempotency-key']
  const row = {
    id,
    name: values.name,
    secretHash: hash,
    scopes: given.filter(isScope),
    requireIdempotencyKey
  }
  await withDatabase((pool) =>
    inTransaction(pool, async (tx) => {
      await insertKey(tx, row)
      await appendAudit(tx, {
        action: 'key.created',
        actor: 'host',
        details: {
          keyId: id,
          name: row.name,
          scopes: row.scopes,
          ...(requireIdempotencyKey && { requireIdempotencyKey })
        }
      })
    })
  )
  process.stderr.write(`Key ${id} with ${row.scopes.join(', ')}. It is shown only now:\n`)
  process.stdout.write(`${key}\n`)
}
