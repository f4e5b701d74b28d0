import { randomUUID } from 'node:crypto'
import { insertIdempotencyKey, type KeyUse } from '../../src/idempotency/idempotency.sql.ts'
import { fingerprintOf } from '../../src/idempotency/key.ts'
import { advanceClock } from './clock.ts'
import { type CallOptions, eventually, type Locksmith, type Reply, type Served } from './locksmith.ts'

export const anna = { id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' }

/** `POST` with an `Idempotency-Key`, unless told otherwise a reset of anna. */
export const post = (
  { call }: Pick<Served, 'call'>,
  key: string,
  { path = '/users/anna/reset', headers = {}, ...options }: CallOptions & { path?: string } = {}
): Promise<Reply> => call('POST', path, { ...options, headers: { 'idempotency-key': key, ...headers } })

/** All of an answer that is said again. */
export const answerIn = ({ status, text, headers }: Reply) => ({
  status,
  text,
  headers: ['content-type', 'location', 'link', 'preference-applied', 'retry-after'].map((name) =>
    headers.get(name)
  )
})

export const isReplay = ({ headers }: Reply) => headers.get('idempotency-replayed') === 'true'

export async function count({ world }: Pick<Served, 'world'>, what: string): Promise<number> {
  const { rows } = await world.pool.query(`SELECT count(*) AS n FROM ${what}`)
  return rows[0].n
}

/** What a process leaves behind that was killed in the middle of a reset of anna: nobody holds its lock. */
export async function leaveDeadRequest({ world }: Pick<Served, 'world'>, key: string): Promise<KeyUse> {
  const use = {
    apiKey: 'first',
    route: 'POST /users/:userId/reset',
    key,
    fingerprint: fingerprintOf('POST', '/users/anna/reset', {}),
    claim: randomUUID(),
    processKey: 1,
    keepDays: 7
  }
  await insertIdempotencyKey(world.pool, use)
  return use
}

/** The clock of all replicas goes on from so much later. */
export const letPass = (
  { world, sandbox }: Locksmith,
  time: { days?: number; minutes?: number; seconds?: number }
) => {
  const { days = 0, minutes = 0, seconds = 0 } = time
  return advanceClock(world.pool, sandbox, days * 86_400 + minutes * 60 + seconds)
}

/** A reset of anna that is begun, and answered once that may `go` on. */
export async function heldRequest(locksmith: Locksmith, key: string) {
  const { sandbox } = locksmith
  sandbox.createUser(anna)
  sandbox.addFault({ match: { method: 'PUT' }, do: 'hang-before' })
  const waiting = post(locksmith, key, { headers: { prefer: 'wait=60' } })
  await eventually(
    () => sandbox.calls(),
    (calls) => calls.some(({ method }) => method === 'PUT')
  )
  return { waiting, go: () => sandbox.clearFaults() }
}

/** Others wait for the table until it is unlocked. */
export async function lockTable(
  { world }: Pick<Served, 'world'>,
  table: string,
  mode: 'SHARE' | 'ACCESS EXCLUSIVE'
): Promise<() => Promise<void>> {
  const tx = await world.pool.connect()
  await tx.query('BEGIN')
  await tx.query(`LOCK TABLE ${table} IN ${mode} MODE`)
  return async () => {
    await tx.query('COMMIT')
    tx.release()
  }
}
