/** What is said of an operation that ends with a user let in for a while (`opens`) who could not be disabled again. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { type Problem, problemOf } from '../errors.ts'
import { openedBy } from './kinds.ts'
import { type Operation, outcomeOf } from './operation.ts'

/**
 * To be said of an operation that nobody works on any more: above all that the user is let in.
 * @returns the problem as it is where the user is not
 */
export async function sayWhoIsLetIn(
  tx: Db,
  operation: Pick<Operation, 'id' | 'userId' | 'steps'>,
  actor: Actor,
  last: Problem
): Promise<Problem> {
  const row = openedBy(operation.steps)
  if (!row) return last
  const { id, userId, steps } = operation
  const can = outcomeOf(steps).enabled ? 'can log in now' : 'may be able to log in now'
  const problem = problemOf(
    'user-let-in',
    `The user "${userId}" ${can}, by what is not revoked yet: Locksmith enabled the account to revoke, and did not get to disable it again. Disable the user in Nextcloud at once (or \`occ user:disable\`); or \`retry\`, which disables the user before anything else. How it came to this: ${last.detail}`,
    { last }
  )
  const details = { step: row.name, problem }
  await appendAudit(tx, { action: 'operation.user-let-in', actor, userId, operationId: id, details })
  return problem
}
