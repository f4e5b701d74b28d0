import { parseArgs } from 'node:util'
import { ConfigError } from '../config.ts'
import type { Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { findApproval, listApprovals } from '../guard/approval.sql.ts'
import { type Approval, hashOf } from '../guard/approval.ts'
import { findTargets } from '../operations/approvals.sql.ts'
import { decide, unknownApproval } from '../operations/decide.ts'
import { uuidForm } from '../uuid.ts'
import { withDatabase } from './database.ts'

const usage =
  'Say `approvals list`, `approvals show ID`, `approvals approve ID --hash HASH [--reason WHY]` or `approvals reject ID [--reason WHY]`.'

/** Whoever has the host decides where there is no second person yet; the audit says `host`. */
export async function approvalsCommand([verb = '', ...args]: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { hash: { type: 'string' }, reason: { type: 'string' } }
  })
  const [id] = positionals
  if (!['list', 'show', 'approve', 'reject'].includes(verb) || (verb !== 'list' && !uuidForm.test(id ?? '')))
    throw new ConfigError(usage)
  if (verb === 'approve' && !values.hash)
    throw new ConfigError(`Say which list: \`approvals show ${id}\` ends with the --hash to approve.`)
  await withDatabase(async (pool) => {
    if (verb === 'list') return list(pool)
    if (verb === 'show') return show(pool, id!)
    const state = verb === 'approve' ? 'approved' : 'rejected'
    try {
      await decide(pool, id!, { actor: 'host' }, { state, ...values })
    } catch (error) {
      // What it says is for people.
      throw error instanceof DomainError ? new ConfigError(error.message, { cause: error }) : error
    }
    process.stdout.write(`${id} is ${state}${state === 'approved' ? ': its operations go on' : ''}\n`)
  })
}

async function list(pool: Pool): Promise<void> {
  const pending = await listApprovals(pool, { state: 'pending', limit: 200 })
  for (const approval of pending) {
    const targets = await findTargets(pool, approval.id, { waiting: true })
    process.stdout.write(`${lineOf(approval)}  ${targets.length} users\n`)
  }
  if (pending.length === 0) process.stderr.write('Nothing waits for an approval.\n')
}

async function show(pool: Pool, id: string): Promise<void> {
  const approval = await findApproval(pool, id)
  if (!approval) throw new ConfigError(unknownApproval(id).message)
  const targets = await findTargets(pool, id, { waiting: approval.state === 'pending' })
  const users = targets.map(({ userId }) => userId)
  const hash = approval.hash ?? hashOf(approval.action, users)
  const lines = [
    lineOf(approval),
    `asked with   ${JSON.stringify(approval.action.input)}`,
    `expires      ${approval.expiresAt.toISOString()}`,
    ...targets.map(
      ({ userId, reason }) => `  ${JSON.stringify(userId)}${reason ? `  ${JSON.stringify(reason)}` : ''}`
    ),
    ...(approval.state === 'pending'
      ? [`Approve these ${users.length}: locksmith host approvals approve ${id} --hash ${hash}`]
      : [`${approval.state} by ${approval.decidedBy}; hash ${hash}`])
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

const lineOf = ({ id, state, action, requestedBy, owner }: Approval) =>
  `${id}  ${state}  ${action.kind}  asked by ${requestedBy} (${owner})`
