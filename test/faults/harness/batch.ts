import type { Test } from 'tap'
import { isFinal } from '../../../src/operations/operation.ts'
import { type NextcloudVersion, type Sandbox, startSandbox } from '../../../src/sandbox/index.ts'
import { runClock } from '../../support/clock.ts'
import { eventually, type Locksmith, startLocksmith } from '../../support/locksmith.ts'
import { type Blow, type Report, spawnWorker, type WorkerProcess } from '../../support/spawn-worker.ts'
import { calls, nameOf } from './faults.ts'
import { type Broken, judge, promises } from './model.ts'
import { createRandom } from './random.ts'
import { createDeck, furnish, planSubject, type Subject } from './subject.ts'

/** Minutes pass in seconds: limits and pauses are the real ones. */
const speed = 200

/** As long as a call that is given up may go on: longer than any that the sandbox lets be late. Real milliseconds. */
const settleMs = 600

export type Batch = { seed: number; size: number; workers?: number; version?: NextcloudVersion }

/** One operation hit by one fault at one point. */
export type Run = { seed: number; userId: string; kind: string; fault: string; broken: Broken[] }

/** Plays a batch: so many operations, each with a fault of its own, on a few processes that are killed on the way. */
export async function playBatch(t: Test, { seed, size, workers = 3, version }: Batch): Promise<Run[]> {
  const random = createRandom(seed)
  const deal = createDeck(random)
  const subjects = Array.from({ length: size }, (_, n) => planSubject(random, n, deal))
  const stage = await setStage(t, version ?? random.pick([31, 33, 34]))
  const { locksmith, sandbox } = stage
  const credentials = subjects.map((subject) => furnish(sandbox, subject))
  const ids = await requestAll(locksmith, subjects)
  aimFaults(sandbox, subjects)
  const blows = blowsOf(subjects)
  const alongside = await work(t, stage, blows, workers, () => allFinal(locksmith, ids))
  const missed = new Set([...blows.map(({ user }) => user), ...notMet(sandbox)])

  const first = await Promise.all(ids.map((id) => ask(locksmith, id)))
  const retries = ids.map(() => 0)
  let last = first
  // A person retries: more than once where another operation's fault was in the way of its own.
  for (let round = 0; round < 3 && last.some(isAsking); round++) {
    for (const [n, operation] of last.entries()) {
      if (!isAsking(operation)) continue
      retries[n]!++
      await locksmith.call('POST', `/operations/${ids[n]}/retry`)
    }
    await work(t, stage, [], 1, () => allFinal(locksmith, ids))
    last = await Promise.all(ids.map((id) => ask(locksmith, id)))
  }

  const secrets = await findSecrets(locksmith, sandbox)
  const limits = limitsBroken(sandbox)
  const runs: Run[] = []
  for (const [n, subject] of subjects.entries()) {
    const at = alongside.filter(({ userId }) => userId === subject.id)
    const audit = (await locksmith.call('GET', `/audit?operationId=${ids[n]}&limit=200`)).body.items
    const broken = judge({
      subject,
      credentials: credentials[n]!,
      alongsideAtMail: at.some(({ step, point }) => step === 'send-reset-mail' && point !== 'recorded'),
      first: first[n],
      last: last[n],
      retries: retries[n]!,
      audit,
      sandbox
    })
    if (secrets.has(subject.id)) broken.push({ promise: promises[2], what: 'a password is in the database' })
    broken.push(...limits)
    // A fault that met nothing is no run: but for the operations that another one's fault let start again.
    if (!missed.has(subject.id))
      runs.push({ seed, userId: subject.id, kind: subject.kind, fault: nameOf(subject.hit), broken })
    for (const { point } of at) {
      const fault = `killed with another: ${point}`
      runs.push({ seed, userId: subject.id, kind: subject.kind, fault, broken })
    }
  }
  return runs
}

const isAsking = ({ state }: { state: string }) => state === 'needs-attention'

type Stage = { locksmith: Locksmith; sandbox: Sandbox }

async function setStage(t: Test, version: NextcloudVersion): Promise<Stage> {
  const clock = { epoch: Date.now(), speed }
  const sandbox = await startSandbox({
    version,
    clockSpeed: speed,
    clockEpoch: clock.epoch,
    // With the stricter limits of an address that is not, the mails of a batch would take minutes.
    settings: { allowListed: true }
  })
  t.teardown(() => sandbox.close())
  const locksmith = await startLocksmith(t, { sandbox, worker: false, env: { WORKERS: '8' } })
  await runClock(locksmith.world.pool, clock)
  return { locksmith, sandbox }
}

async function requestAll({ call }: Locksmith, subjects: Subject[]): Promise<string[]> {
  const ids: string[] = []
  for (const { id, kind, mail } of subjects) {
    const body = kind === 'reset' ? { mail } : {}
    const reply = await call('POST', `/users/${id}/${kind}`, { body })
    if (reply.status !== 202) throw new Error(`not taken: ${reply.text}`)
    ids.push(reply.body.id)
  }
  return ids
}

function aimFaults(sandbox: Sandbox, subjects: Subject[]): void {
  for (const { id, hit } of subjects) {
    if (hit.do !== 'remote') continue
    const { method, pathRegex } = calls[hit.call]
    const match = { method, pathRegex, user: id }
    const delayMs = hit.kind === 'late' ? 1_300 : 100
    sandbox.addFault({ match, nth: hit.nth, times: 1, do: hit.kind, delayMs })
  }
}

const notMet = (sandbox: Sandbox) =>
  sandbox.faults().flatMap(({ match, nth = 1, seen }) => (seen < nth && match.user ? [match.user] : []))

const blowsOf = (subjects: Subject[]): Blow[] =>
  subjects.flatMap(({ id, hit }) =>
    hit.do === 'kill' || hit.do === 'stop'
      ? [{ user: id, step: hit.step, point: hit.point, act: hit.do }]
      : []
  )

type Alongside = { userId: string; step: string; point: string }

/** Works until `over`, with so many processes; one that dies is started anew. @returns who was hit with another */
async function work(
  t: Test,
  { locksmith, sandbox }: Stage,
  plan: Blow[],
  count: number,
  over: () => Promise<boolean>
): Promise<Alongside[]> {
  const alongside: Alongside[] = []
  let working = true
  const running = new Set<WorkerProcess>()
  const onReport = ({ blow, underway }: Report) => {
    plan.splice(
      plan.findIndex(({ user }) => user === blow.user),
      1
    )
    alongside.push(...underway.filter(({ userId }) => userId !== blow.user))
  }
  const keep = async () => {
    while (working) {
      const worker = await spawnWorker(t, locksmith, {
        plan: [...plan],
        onReport,
        env: {
          SMTP_URL: sandbox.smtpUrl,
          MAIL_FROM: 'Locksmith <locksmith@example.org>',
          NEXTCLOUD_TIMEOUT_SECONDS: '1',
          RETRY_FIRST_SECONDS: '5',
          RETRY_MAX_SECONDS: '300',
          SETTLE_MS: String(settleMs * speed)
        }
      })
      running.add(worker)
      await worker.ended
      running.delete(worker)
    }
  }
  const keepers = Array.from({ length: count }, keep)
  try {
    await eventually(over, (is) => is, 120)
  } finally {
    working = false
    // One that is just being started is ended as soon as it can be told.
    while (running.size < keepers.length && (await pending(keepers)))
      await new Promise((go) => setTimeout(go, 50))
    for (const { child } of running) child.kill('SIGTERM')
    await Promise.all(keepers)
  }
  return alongside
}

const pending = (keepers: Promise<void>[]) =>
  Promise.race([Promise.any(keepers).then(() => false), Promise.resolve(true)])

const ask = async ({ call }: Locksmith, id: string) => (await call('GET', `/operations/${id}`)).body

async function allFinal({ world }: Locksmith, ids: string[]): Promise<boolean> {
  const { rows } = await world.pool.query<{ state: string }>(
    'SELECT state FROM operation WHERE id = ANY($1)',
    [ids]
  )
  return rows.every(({ state }) => isFinal(state as never))
}

/** Every password that was ever set is looked for in every row of every table. @returns whose was found */
async function findSecrets({ world }: Locksmith, sandbox: Sandbox): Promise<Set<string>> {
  const { rows: tables } = await world.pool.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
      WHERE table_schema IN ('public', 'jobs') AND table_type = 'BASE TABLE'`
  )
  const found = new Set<string>()
  for (const { name } of tables) {
    const { rows } = await world.pool.query<{ row: string }>(`SELECT x::text AS row FROM ${name} x`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const { id, password } of sandbox.users()) if (password && text.includes(password)) found.add(id)
  }
  return found
}

function limitsBroken(sandbox: Sandbox): Broken[] {
  const counters = sandbox.counters()
  const polite = promises[6]
  const broken: Broken[] = []
  const puts = Math.max(0, ...Object.values(counters.maxPutsPer600s))
  if (puts > 50) broken.push({ promise: polite, what: `${puts} PUTs in 600 s` })
  if (counters.maxMailsPer300s > 10)
    broken.push({ promise: polite, what: `${counters.maxMailsPer300s} mails in 300 s` })
  if (counters.maxFailedLoginsPer30min > 0)
    broken.push({ promise: polite, what: `${counters.maxFailedLoginsPer30min} failed log-ins` })
  return broken
}
