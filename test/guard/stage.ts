import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { createPool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { leaveRunning } from '../../src/operations/claim.sql.ts'
import { findScheduled, insertScheduled } from '../../src/operations/operation.sql.ts'
import { advanceQueue } from '../../src/operations/queue.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { uuidv7 } from '../../src/uuid.ts'
import type { World } from '../../src/world.ts'
import type { Random } from '../faults/harness/random.ts'
import { testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/locksmith.ts'
import { addressOf, admin, always, others } from './people.ts'
import { createWatch } from './watch.ts'

/** A Nextcloud with everybody in it, a clock, and somebody who watches whom nothing may be done to. */
export async function setStage(t: Test, random: Random) {
  const sandbox = await startSandbox({
    admin,
    settings: { allowListed: true, applyAllowlistToRateLimit: true }
  })
  t.teardown(() => sandbox.close())
  const databaseUrl = await testDatabase(t)
  const pool = createPool(databaseUrl, 2, testMark)
  t.teardown(() => pool.end())
  const watch = createWatch(sandbox)
  const listed = new Set<string>()
  const isListed = (id: string) => always.some((each) => each.id === id) || listed.has(id)
  let elapsed = 0

  for (const group of ['Board Room', 'sales']) sandbox.createGroup(group)
  for (const { id, ...spec } of always) {
    const person = { email: addressOf(id), password: `${id}-Password-4711`, ...spec }
    if (id === admin.user) sandbox.updateUser(id, { ...person, password: admin.password })
    else sandbox.createUser({ ...person, id })
  }

  return {
    sandbox,
    databaseUrl,
    pool,
    watch,
    listed,
    elapsed: () => elapsed,
    /** Some are protected by their group from now on; others are not, whom nothing protected until now. */
    changeMemberships(share: number) {
      for (const id of others) {
        if (random.next() > 0.5 || (watch.isProtected(id) && !isListed(id))) continue
        const isProtected = random.next() < share
        sandbox.updateUser(id, { groups: [isProtected ? random.pick(['Board Room', 'admin']) : 'sales'] })
        if (isProtected) watch.protect(id)
      }
    },
    /** As after a crash: another claim goes on where this one was, and meanwhile the user has become protected. */
    async takeOver({ pool, jobs }: World, id: string, userId: string) {
      sandbox.updateUser(userId, { groups: [random.pick(['admin', 'Board Room'])] })
      watch.protect(userId)
      await inTransaction(pool, async (tx) => {
        const job = randomUUID()
        await leaveRunning(tx, id, 'queued', { job })
        await jobs.enqueue(tx, advanceQueue, { operationId: id }, { id: job })
      })
    },
    /** Disabled users whose deletion is put off by a minute; half of them are protected by then. */
    async putOffDeletions(count: number) {
      const free = random.shuffled(others).filter((id) => !watch.isProtected(id))
      const input = { mail: 'none', revoke: 'none' } as const
      const steps = ['check-user', 'delete-account']
      for (const [n, userId] of free.slice(0, count).entries()) {
        const known = {
          id: uuidv7(),
          kind: 'delete',
          jobId: randomUUID(),
          requestedBy: 'key:first',
          owner: 'host',
          vouchers: [] as string[]
        } as const
        const isPut = await inTransaction(pool, async (tx) => {
          if (await findScheduled(tx, userId)) return false
          await insertScheduled(tx, { ...known, userId, input, steps }, 'PT1M')
          return true
        })
        if (!isPut) continue
        sandbox.updateUser(userId, { enabled: false, ...(n % 2 === 0 && { groups: ['admin'] }) })
        if (n % 2 === 0) watch.protect(userId)
      }
    },
    /** For the service and for Nextcloud; all at once. */
    async letPass(seconds: number) {
      elapsed += seconds
      await pool.query(
        `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
         'SELECT clock_timestamp() + make_interval(secs => ${elapsed})'`
      )
      sandbox.advanceClock(seconds)
    },
    /** Nothing is at work nor will be soon. */
    async quiet() {
      await eventually(
        async () =>
          (
            await pool.query(
              `SELECT count(*) AS n FROM operation
                WHERE state IN ('queued', 'running') OR (state = 'scheduled' AND resume_at < locksmith_now())
                   OR (state = 'waiting' AND resume_at < locksmith_now() + interval '20 s')`
            )
          ).rows[0].n,
        (left) => left === 0,
        120
      )
    },
    /** Everything that was done is looked at; then whoever was deleted is there again, half of the others are enabled, and only the list protects. */
    beginAnew() {
      watch.look(isListed)
      for (const id of others) {
        const spec = { email: addressOf(id), groups: ['sales'] }
        const isThere = sandbox.users().some((user) => user.id === id)
        if (!isThere) sandbox.createUser({ id, ...spec })
        else sandbox.updateUser(id, { ...spec, ...(random.next() < 0.5 && { enabled: true }) })
      }
      for (const id of [...always.map((each) => each.id), ...listed]) watch.protect(id)
    },
    /** Of those who are protected all the time. */
    view: () =>
      always.map(({ id: wanted }) => {
        const { id, password, groups, enabled, email } = sandbox.users().find(({ id }) => id === wanted)!
        return { id, password, groups, enabled, email }
      })
  }
}
