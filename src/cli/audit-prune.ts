import { parseArgs } from 'node:util'
import { isPruningDone } from '../audit/prune.sql.ts'
import { type Pruning, planPruning, prune } from '../audit/prune.ts'
import { verifyDatabase } from '../audit/verify-database.ts'
import { ConfigError, readConfig } from '../config.ts'
import { inTransaction } from '../db/transaction.ts'
import { findApproval, openApproval } from '../guard/approval.sql.ts'
import { hashOf, requestOf } from '../guard/approval.ts'
import { announce } from '../integrations/webhooks/outbox.sql.ts'
import { uuidv7 } from '../uuid.ts'
import { auditKeysOf } from './audit-keys.ts'
import { withOwnDatabase } from './database.ts'

/**
 * `audit prune --before TIME`: asks a second person first. With `--approval ID`, once that one agreed, it deletes what was
 * approved, and nothing else.
 */
export async function pruneCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { before: { type: 'string' }, approval: { type: 'string' } }
  })
  const before = new Date(values.before ?? '')
  if (Number.isNaN(before.getTime()))
    throw new ConfigError('Say from when on events are kept: `audit prune --before 2025-01-01T00:00:00Z`.')
  if (values.approval === undefined) await ask(before)
  else await pruneApproved(before, values.approval)
}

/** What a second person reads, and what is done then: exactly that. */
const actionOf = (before: Date, { size, events }: Pruning) => ({
  kind: 'audit-prune',
  input: { before: before.toISOString(), size, events }
})

const ask = (before: Date) =>
  withOwnDatabase(async (pool) => {
    const planned = await planPruning(pool, before)
    if (planned.events === 0) {
      process.stdout.write(`There is nothing older than ${before.toISOString()}.\n`)
      return
    }
    const action = actionOf(before, planned)
    const id = await inTransaction(pool, async (tx) => {
      const { id, isNew } = await openApproval(tx, {
        ...{ id: uuidv7(), action, brakes: [], requestedBy: 'host', owner: 'host', vouchers: [] },
        hours: readConfig().APPROVAL_HOURS,
        gathering: false
      })
      if (isNew) await announce(tx, requestOf(id, action.kind))
      return id
    })
    process.stdout.write(
      `${planned.events} events from before ${before.toISOString()} would be deleted for good. Nothing was done yet.
Somebody whose key has the scope approvals:decide, and who is not you, has to approve it:
  POST /approvals/${id}/approve  {"hash": "${hashOf(action, [])}"}
Then: locksmith host audit prune --before ${before.toISOString()} --approval ${id}
`
    )
  })

const pruneApproved = (before: Date, id: string) =>
  withOwnDatabase(async (pool) => {
    const approval = await findApproval(pool, id).catch(() => undefined)
    if (approval?.action.kind !== 'audit-prune') throw new ConfigError(`There is no approval ${id} to prune.`)
    if (approval.state !== 'approved') throw new ConfigError(`It is ${approval.state}. Nothing was done.`)
    const planned = approval.action.input as Pruning & { before: string }
    if (planned.before !== before.toISOString())
      throw new ConfigError(`It was approved for --before ${planned.before}. Nothing was done.`)
    if (await isPruningDone(pool, id)) throw new ConfigError('This one was done already. Nothing was done.')
    const { ok, findings } = await verifyDatabase(pool, {}, auditKeysOf(readConfig()))
    if (!ok)
      throw new ConfigError(
        `The log does not verify (${findings.length} findings: locksmith host audit verify). Nothing was done: what would be deleted is the evidence.`
      )
    if (!(await prune(pool, before, planned, id)))
      throw new ConfigError(
        'The log is not as it was when that was asked. Nothing was done: ask again, without --approval.'
      )
    process.stdout.write(`${planned.events} events are deleted; what is left verifies.\n`)
  })
