/**
 * One reset of a user with 2 browser sessions and 3 app passwords, on a Nextcloud that takes 50 ms a call:
 * through Locksmith (a process of its own, real HTTP, a real PostgreSQL, its key check, audit and jobs, until it
 * answers with the finished operation), and by a plain client that makes the bare minimum of calls.
 *
 * The plain client runs in the bench's own process with its connection warm, so it pays for no hop and no
 * database. It does not ask for what Locksmith asks before it changes anything (second factor of the user and
 * enforced ones, per-user encryption, whether password reset is on), takes HTTP statuses for answers, keeps
 * nothing, and leaves the user stranded where it breaks off. It makes one call after the other, deletes included.
 * Both find a fresh user, furnished outside of the measured time, and every rate limit of Nextcloud unused.
 */
import { Client } from 'undici'
import { createPlainClient } from './plain-client.ts'
import { type Length, type Ratio, ratioOf, spread } from './result.ts'
import type { LocksmithUnderTest, Stage } from './stage.ts'

const latencyMs = 50
const goal = 1.05

export async function measureReset(stage: Stage, { quick, until }: Length): Promise<Ratio> {
  const warmUps = quick ? 1 : 3
  const pairs = quick ? 3 : 24
  const sandbox = await stage.sandbox({
    latencyMs,
    settings: { allowListed: true, applyAllowlistToRateLimit: true }
  })
  const locksmith = await stage.locksmith('serve', sandbox)
  const plain = createPlainClient(sandbox.ready.url, sandbox.ready.admin)
  const caller = new Client(locksmith.url)
  const took = { locksmith: [] as number[], plain: [] as number[] }
  const calls = { locksmith: 0, plain: 0 }

  async function timed(way: 'locksmith' | 'plain', id: string, reset: () => Promise<unknown>) {
    await sandbox.ask({ do: 'furnish', id })
    await locksmith.forgetLimits()
    await sandbox.ask({ do: 'look' })
    const started = performance.now()
    await reset()
    const ms = performance.now() - started
    const left = await sandbox.ask({ do: 'look', id })
    // A reset that did not happen is no measurement. (One mail is the reset mail, another "password changed".)
    if (left.tokens.length > 0 || left.mails === 0) throw new Error(`${way} did not reset ${id}`)
    calls[way] = left.calls
    return ms
  }

  for (let n = -warmUps; n < pairs && performance.now() < until; n++) {
    const a = await timed('locksmith', `a${n}`, () => resetByLocksmith(caller, locksmith, `a${n}`))
    const b = await timed('plain', `b${n}`, () => plain.reset(`b${n}`))
    if (n < 0) continue
    took.locksmith.push(a)
    took.plain.push(b)
  }
  await Promise.all([caller.close(), plain.close()])
  const ratio = ratioOf(took.locksmith, took.plain)
  return {
    name: 'one reset, Locksmith / plain client',
    ratio,
    goal: `≤ ${goal}`,
    ok: ratio <= goal,
    notes: [
      `median of the ratios of ${took.plain.length} pairs, in turn, on a simulated Nextcloud that takes ${latencyMs} ms a call`,
      `Locksmith: ${spread(took.locksmith, 'ms')}, ${calls.locksmith} calls of Nextcloud: POST with \`Prefer: wait=30\` until the finished operation`,
      `plain client: ${spread(took.plain, 'ms')}, ${calls.plain} calls one after the other: GET user, PUT password, form login, list,`,
      '5 × delete, list again, delete its own, GET user, lostpassword; no checks of second factor, encryption or',
      'password reset, no database, no audit, no retry, answers believed by their HTTP status'
    ]
  }
}

async function resetByLocksmith(caller: Client, { key }: LocksmithUnderTest, id: string): Promise<void> {
  const response = await caller.request({
    method: 'POST',
    path: `/users/${id}/reset`,
    headers: { authorization: `Bearer ${key}`, prefer: 'wait=30', 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'bench', mail: 'nextcloud' })
  })
  const operation = (await response.body.json()) as { state?: string; outcome?: { remaining?: unknown } }
  if (response.statusCode !== 200 || operation.state !== 'succeeded' || operation.outcome?.remaining !== 0)
    throw new Error(`Locksmith answered ${response.statusCode}: ${JSON.stringify(operation)}`)
}
