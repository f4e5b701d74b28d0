import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { duration } from '../words.ts'

/** Sealing takes a second; a process that starts or is taken over a few more. */
const lateSeconds = 30

/** The audit log: it is sealed, nobody but Locksmith can write to it, and proofs of it leave the house. */
export function checkAudit(facts: Facts): Finding[] {
  const { database } = facts
  if (database.kind !== 'answered' || !database.value.audit)
    return [{ name: 'audit-log', state: 'skipped', found: 'Our database does not tell: see database.' }]
  return [
    sealed(database.value.audit),
    roles(facts, database.value.audit.mayChange),
    leaves(facts, database.value.audit),
    ...forwarded(facts, database.value.audit)
  ]
}

type Audit = NonNullable<Extract<Facts['database'], { kind: 'answered' }>['value']['audit']>

function sealed({ broken, refused, oldestSeconds, unsealed }: Audit): Finding {
  const name = 'audit-log'
  if (broken !== undefined)
    return {
      name,
      state: 'error',
      found: `${broken}.`,
      means: `Nothing is put into the tree, or leaves the house, as what is signed then would contradict what others have; ${unsealed} event(s) wait. Everything else goes on.`,
      mend: 'docs/AUDIT.md, "When it does not verify"; locksmith host audit verify says what is not as it was'
    }
  if (refused > 0)
    return {
      name,
      state: 'error',
      found: `${refused} row(s) in the audit log were not written by Locksmith, or by one with another AUDIT_SIGNING_KEY.`,
      means: 'Somebody has written to the database of Locksmith. They are not in the tree.',
      mend: 'locksmith host audit verify names them; all processes need the same AUDIT_SIGNING_KEY'
    }
  if (oldestSeconds > lateSeconds)
    return {
      name,
      state: 'error',
      found: `${unsealed} event(s) have not been put into the tree, for ${duration(oldestSeconds * 1_000)}.`,
      means:
        'No process of Locksmith runs, or the log is not what was signed: then nothing is put on top of it. Everything else goes on.',
      mend: 'Start Locksmith. Where it runs, its log says why; see docs/AUDIT.md, "When it does not verify", and locksmith host audit verify'
    }
  const found =
    unsealed > 0
      ? `All but the last ${unsealed} event(s), which wait to be sealed, are in the tree, and signed.`
      : 'What is written is in the tree, and signed.'
  return { name, state: 'ok', found }
}

function roles({ config }: Facts, mayChange: boolean): Finding {
  const name = 'audit-rights'
  if (!mayChange)
    return {
      name,
      state: 'ok',
      found: 'The role that serves can add to the audit log, and change nothing in it.'
    }
  if (!config.DATABASE_URL)
    return {
      name,
      state: 'ok',
      found: 'The embedded database has one role, which may do everything: for a try-out.'
    }
  return {
    name,
    state: 'warning',
    found: 'The role in DATABASE_URL owns the audit log, or may change it.',
    means:
      'Only triggers stand in the way of a change. One that is made all the same is found by audit verify.',
    mend: 'Set MIGRATION_DATABASE_URL to the role that owns the schema, and give DATABASE_URL another one; then locksmith migrate'
  }
}

function leaves({ config, simulated }: Facts, { failing }: Audit): Finding {
  const name = 'audit-checkpoints'
  const { file, endpoint } = config.audit.checkpoints
  const failed = failing.find((each) => each.name === 'publish' && each.lastError !== null)
  if (failed)
    return {
      name,
      state: 'warning',
      found: `Checkpoints of the audit log have not left the house for ${duration(failed.seconds * 1_000)}: ${failed.lastError}`,
      means: 'What is cut off from the end of the log meanwhile could not be told.',
      mend: 'Look at AUDIT_CHECKPOINT_FILE and AUDIT_CHECKPOINT_URL.'
    }
  if (!file && !endpoint && simulated)
    return {
      name,
      state: 'ok',
      found: 'Checkpoints of the audit log go to our own log alone: for a try-out.'
    }
  if (!file && !endpoint)
    return {
      name,
      state: 'warning',
      found: 'Checkpoints of the audit log go to no place but our own log.',
      means:
        'Only a checkpoint that is elsewhere shows that the log was cut off, or that an old backup was restored.',
      mend: 'Set AUDIT_CHECKPOINT_FILE to a file on another disk than the database, or AUDIT_CHECKPOINT_URL.'
    }
  return { name, state: 'ok', found: 'Checkpoints of the audit log leave the house.' }
}

function forwarded({ config }: Facts, { failing }: Audit): Finding[] {
  if (!config.audit.forward) return []
  const name = 'audit-forwarding'
  const failed = failing.find((each) => each.name === 'forward' && each.seconds > 0)
  return failed
    ? [
        {
          name,
          state: 'warning',
          found: `Audit events are not received, for ${duration(failed.seconds * 1_000)}: ${failed.lastError}`,
          means: 'They are sent again until they are. Nothing is lost.',
          mend: 'Look at AUDIT_FORWARD_URL and who listens there.'
        }
      ]
    : [{ name, state: 'ok', found: 'Audit events are forwarded.' }]
}
