import type { Test } from 'tap'
import type { NextcloudVersion, Sandbox } from '../../../src/sandbox/index.ts'
import type { Locksmith } from '../../support/locksmith.ts'
import type { Blow } from '../../support/spawn-worker.ts'
import { type Card, calls, mailSteps, nameOf, plays } from './faults.ts'
import { type Broken, judge, promises, truthOf } from './model.ts'
import { createRandom } from './random.ts'
import { type Alongside, allFinal, ask, hireCrew, type Stage, setStage } from './stage.ts'
import { furnish, planSubject, type Subject } from './subject.ts'

export type Batch = {
  seed: number
  cards: Card[]
  workers?: number
  version?: NextcloudVersion | undefined
}

/** One operation hit by one fault at one point. */
export type Run = { seed: number; userId: string; kind: string; fault: string; broken: Broken[] }

/** Plays a batch: an operation for each card, on a few processes of which some are killed on the way. */
export async function playBatch(t: Test, { seed, cards, workers = 3, version }: Batch): Promise<Run[]> {
  const { stage, subjects, credentials, ids } = await deal(t, { seed, cards, version })
  aimFaults(stage.sandbox, subjects)
  const blows = blowsOf(subjects)
  const crew = hireCrew(t, stage, workers, blows)
  await allFinal(stage.locksmith, ids)
  await crew.dismiss()
  const missed = new Set([...blows.map(({ user }) => user), ...notMet(stage.sandbox)])
  return judgeAll(t, stage, { seed, subjects, credentials, ids, missed, alongside: crew.alongside })
}

/** A stage, and an operation asked for by each card. */
export async function deal(t: Test, { seed, cards, version }: Pick<Batch, 'seed' | 'cards' | 'version'>) {
  const random = createRandom(seed)
  const subjects = cards.map((card, n) => planSubject(random, n, card))
  // With the stricter limits of an address that is not allow-listed, the mails of a batch would take minutes.
  const stage = await setStage(t, {
    version: version ?? random.pick([31, 33, 34]),
    settings: { allowListed: true }
  })
  const credentials = subjects.map((subject) => furnish(stage.sandbox, subject))
  const ids = await requestAll(stage.locksmith, subjects)
  return { stage, subjects, credentials, ids }
}

export async function requestAll({ call }: Locksmith, subjects: Subject[]): Promise<string[]> {
  const ids: string[] = []
  for (const subject of subjects) ids.push(await request(call, subject))
  return ids
}

async function request(call: Locksmith['call'], { id, play, mail, options }: Subject): Promise<string> {
  const { kind } = plays[play]
  const body = { ...options, ...((kind === 'reset' || kind === 'enable') && { mail }) }
  const reply = await call('POST', `/users/${id}/${kind}`, { body })
  if (reply.status !== 202) throw new Error(`not taken: ${reply.text}`)
  return reply.body.id
}

export function aimFaults(sandbox: Sandbox, subjects: Subject[]): void {
  for (const { id, hit, nth } of subjects) {
    if (hit.do !== 'remote') continue
    const { method, pathRegex } = calls[hit.call]
    const delayMs = hit.kind === 'late' ? 1_300 : 100
    sandbox.addFault({
      match: { method, pathRegex, user: id },
      nth,
      ...(!hit.lasting && { times: 1 }),
      do: hit.kind,
      delayMs
    })
  }
}

export const blowsOf = (subjects: Subject[]): Blow[] =>
  subjects.flatMap(({ id, hit }) =>
    hit.do === 'kill' || hit.do === 'stop'
      ? [{ user: id, step: hit.step, point: hit.point, act: hit.do }]
      : []
  )

/** A fault that met nothing is no run: its operation had to start again behind it on account of another's. */
export const notMet = (sandbox: Sandbox) =>
  sandbox.faults().flatMap(({ match, nth = 1, seen }) => (seen < nth && match.user ? [match.user] : []))

export type Played = {
  seed: number
  subjects: Subject[]
  credentials: Parameters<typeof judge>[0]['credentials'][]
  ids: string[]
  missed: Set<string | undefined>
  alongside: Alongside[]
}

/** A person looks after what needs attention; then everything is compared with the model. */
export async function judgeAll(t: Test, stage: Stage, played: Played): Promise<Run[]> {
  const { locksmith, sandbox } = stage
  const { seed, subjects, credentials, ids, missed, alongside } = played
  const first = await Promise.all(ids.map((id) => ask(locksmith, id)))
  const retries = ids.map(() => 0)
  const latest = [...ids]
  const truths = subjects.map(({ id }) => truthOf(sandbox, id))
  let last = first
  // More than once where another operation's fault was in the way of its own.
  for (let round = 0; round < 3 && last.some(isAsking); round++) {
    for (const [n, operation] of last.entries()) {
      if (!isAsking(operation)) continue
      // Who is disabled by now cannot be logged in: what is left is for a new off-boarding, as the steps say.
      if (round > 0 && operation.problem.code === 'residual-access')
        latest[n] = await request(locksmith.call, subjects[n]!)
      else {
        retries[n]!++
        await locksmith.call('POST', `/operations/${ids[n]}/retry`)
      }
    }
    const crew = hireCrew(t, stage, 1)
    await allFinal(locksmith, latest)
    await crew.dismiss()
    last = await Promise.all(latest.map((id) => ask(locksmith, id)))
  }
  const secrets = await findSecrets(locksmith, sandbox)
  const limits = limitsBroken(sandbox)
  const deletions = await countDeletions(locksmith)
  const runs: Run[] = []
  for (const [n, subject] of subjects.entries()) {
    const at = alongside.filter(({ userId }) => userId === subject.id)
    const broken = judge({
      subject,
      credentials: credentials[n]!,
      alongsideAtMail: at.some(({ step, point }) => mailSteps.includes(step) && point !== 'recorded'),
      first: first[n],
      truth: truths[n]!,
      last: last[n],
      retries: retries[n]!,
      anew: latest[n] !== ids[n],
      deletions: deletions.get(subject.id) ?? 0,
      audit: (await locksmith.call('GET', `/audit?operationId=${ids[n]}&limit=200`)).body.items,
      sandbox
    })
    if (secrets.has(subject.id)) broken.push({ promise: promises[2], what: 'a password is in the database' })
    broken.push(...limits)
    const run = { seed, userId: subject.id, kind: subject.play, broken }
    if (!missed.has(subject.id)) runs.push({ ...run, fault: nameOf(subject.hit) })
    for (const { point } of at) runs.push({ ...run, fault: `killed: ${point}` })
  }
  return runs
}

const isAsking = ({ state }: { state: string }) => state === 'needs-attention'

/** Every password that was set is looked for in every row of every table. @returns whose was found */
async function findSecrets({ world }: Locksmith, sandbox: Sandbox): Promise<Set<string>> {
  const { rows: tables } = await world.pool.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
      WHERE table_schema IN ('public', 'jobs') AND table_type = 'BASE TABLE'`
  )
  const found = new Set<string>()
  for (const { name } of tables) {
    const { rows } = await world.pool.query<{ row: string }>(`SELECT x::text AS row FROM ${name} x`)
    const text = rows.map(({ row }) => row).join('\n')
    for (const { id } of sandbox.users())
      if (sandbox.passwordHistory(id).some(({ password }) => text.includes(password))) found.add(id)
  }
  return found
}

/** How many deletions are put off, by user. */
async function countDeletions({ world }: Locksmith): Promise<Map<string, number>> {
  const { rows } = await world.pool.query<{ id: string; n: string }>(
    `SELECT user_id AS id, count(*) AS n FROM operation WHERE kind = 'delete' AND state = 'scheduled' GROUP BY 1`
  )
  return new Map(rows.map(({ id, n }) => [id, Number(n)]))
}

export function limitsBroken(sandbox: Sandbox): Broken[] {
  const { maxPutsPer600s, maxMailsPer300s, maxMailsPer30min, maxFailedLoginsPer30min, ...counters } =
    sandbox.counters()
  const { allowListed } = sandbox.settings()
  const found = [
    ['PUTs in 600 s', Math.max(0, ...Object.values(maxPutsPer600s)), 50],
    ['mails in 300 s', maxMailsPer300s, 10],
    ['mails in 30 min', allowListed ? 0 : Math.max(0, ...Object.values(maxMailsPer30min)), 10],
    ['mails to one user in 30 min', Math.max(0, ...Object.values(counters.maxMailsPerUserPer30min)), 5],
    // A call given up by a killed process can come when its password is replaced: one is no harm, ten would be.
    ['failed log-ins', maxFailedLoginsPer30min, 2]
  ] as const
  return found
    .filter(([, count, most]) => count > most)
    .map(([what, count]) => ({ promise: promises[6], what: `${count} ${what}` }))
}
