import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inTransaction } from '../../src/db/transaction.ts'
import { openapiDocument } from '../../src/http/document.ts'
import { leaveRunning } from '../../src/operations/claim.sql.ts'
import { advanceQueue } from '../../src/operations/queue.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { createLog, type World } from '../../src/world.ts'
import { createRandom } from '../faults/harness/random.ts'
import { testDatabase } from '../support/database.ts'
import { eventually, type Served, serve } from '../support/locksmith.ts'
import { aboutOneUser, aboutOthers, type Command, commandFor, variants } from './commands.ts'
import { createWatch } from './watch.ts'

const seed = Number(process.env.SEED ?? 20_261_125)
const most = Number(process.env.COMMANDS ?? 10_000)
const perRound = 250
/** Each begins with a Locksmith of its own, and another list, on the work that the one before has left. */
const phases = 4
const hour = 3_600

const admin = { user: 'Locksmith', password: 'Locksmith-Password-4711' }
const always = [
  { id: 'Locksmith', groups: ['admin'], email: 'locksmith@acme.example' },
  { id: 'Helper', groups: ['admin'] },
  { id: 'Boss' },
  { id: 'Board Secretary' },
  { id: 'chair@acme.example', email: 'the.chair@acme.example' },
  { id: 'root', groups: ['admin', 'sales'] },
  { id: 'Member.One', groups: ['Board Room'] },
  { id: "o'hara", groups: ['sales', 'Board Room'] }
]
const others = Array.from({ length: 40 }, (_, n) => `user${n}`)
const addressOf = (id: string) =>
  always.find((each) => each.id === id)?.email ?? `${id.toLowerCase()}@x.example`

t.test('every route that can change something is among the commands', async (t) => {
  const { paths } = (await openapiDocument()) as { paths: Record<string, object> }
  const mutating = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => (method === 'get' ? [] : [`${method.toUpperCase()} ${path}`]))
  )
  t.same(mutating.toSorted(), [...Object.keys(aboutOneUser), ...aboutOthers].toSorted())
})

t.test(
  `of ${most} commands none touches a protected user (SEED=${seed})`,
  { timeout: 280_000 },
  async (t) => {
    const random = createRandom(seed)
    const sandbox = await startSandbox({
      admin,
      settings: { allowListed: true, applyAllowlistToRateLimit: true }
    })
    t.teardown(() => sandbox.close())
    const databaseUrl = await testDatabase(t)
    const watch = createWatch(sandbox)
    for (const group of ['Board Room', 'sales']) sandbox.createGroup(group)
    for (const { id, ...spec } of always) {
      const create = { email: addressOf(id), password: `${id}-Password-4711`, ...spec }
      if (id === admin.user) sandbox.updateUser(id, { ...create, password: admin.password })
      else sandbox.createUser({ id, ...create })
      watch.protect(id)
    }
    const before = JSON.stringify(always.map(({ id }) => view(id)))
    function view(id: string) {
      const { password, groups, enabled, email } = sandbox.users().find((user) => user.id === id)!
      return { id, password, groups, enabled, email }
    }

    // Whoever begins waits here until the memberships have changed.
    let gate = Promise.withResolvers<void>()
    gate.resolve()
    let takeovers = 0
    let world: World | undefined
    /** As after a crash: another claim goes on where this one was, and meanwhile the user has become protected. */
    async function takeOver(id: string, userId: string) {
      sandbox.updateUser(userId, { groups: [random.pick(['admin', 'Board Room'])] })
      watch.protect(userId)
      await inTransaction(world!.pool, async (tx) => {
        const job = randomUUID()
        await leaveRunning(tx, id, 'queued', { job })
        await world!.jobs.enqueue(tx, advanceQueue, { operationId: id }, { id: job })
      })
      takeovers++
    }

    const answers = new Map<string, number>()
    let played = 0
    let elapsed = 0
    const listed = new Set<string>()
    const isListed = (id: string) => always.some((each) => each.id === id) || listed.has(id)
    for (let phase = 0; phase < phases; phase++) {
      for (const id of random.shuffled(others).slice(0, 5)) listed.add(id)
      const isListed = (id: string) => always.some((each) => each.id === id) || listed.has(id)
      revive()
      watch.look(isListed)
      for (const id of listed) watch.protect(id)
      await t.test(`phase ${phase + 1}`, async (t) => {
        const served: Served = await serve(t, {
          databaseUrl,
          nextcloud: {
            url: new URL(sandbox.url),
            publicUrl: new URL(sandbox.url),
            // By its mail address, and in another case.
            admins: [
              { user: 'LOCKSMITH@acme.example', password: admin.password },
              { user: 'HELPER', password: 'Helper-Password-4711' }
            ]
          },
          smtp: { url: sandbox.smtpUrl, from: 'Locksmith <locksmith@example.org>' },
          ...(process.env.DEBUG_LOG && { log: createLog('error') }),
          env: {
            PROTECTED_USERS: `boss, BOARD SECRETARY\nChair@acme.example,${[...listed].join(',')}`,
            PROTECTED_GROUPS: 'board room',
            WORKERS: '6'
          },
          checkpoint: async (point, step, { id, userId }) => {
            if (point === 'intended' && step === 'check-user') await gate.promise
            if (point === 'recorded' && !watch.isProtected(userId) && random.next() < 0.15)
              await takeOver(id, userId)
          }
        })
        world = served.world
        while (played < (most * (phase + 1)) / phases) {
          gate = Promise.withResolvers()
          await changeMemberships(0.25)
          await play(served, Math.min(perRound, most - played))
          await changeMemberships(0.3)
          elapsed += hour
          await world.pool.query(
            `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
         'SELECT clock_timestamp() + make_interval(secs => ${elapsed})'`
          )
          sandbox.advanceClock(hour)
          gate.resolve()
          await quiet(world)
          revive()
          watch.look((id) => isListed(id))
        }
        if (phase < phases - 1) {
          // What is asked for now is done under the next list.
          gate = Promise.withResolvers()
          await changeMemberships(0.25)
          await play(served, 50)
          gate.resolve()
        }
      })
    }

    async function changeMemberships(share: number) {
      for (const id of others) {
        if (random.next() > 0.5) continue
        const isProtected = random.next() < share
        if (watch.isProtected(id) && !isListed(id)) continue
        sandbox.updateUser(id, { groups: isProtected ? [random.pick(['Board Room', 'admin'])] : ['sales'] })
        if (isProtected) watch.protect(id)
      }
    }

    async function operationsOf(call: Served['call']) {
      const { body, text } = await call('GET', '/operations?limit=100')
      if (!body.items) throw new Error(text)
      return body.items
    }

    async function play({ call }: Served, count: number) {
      const ids = (await operationsOf(call)).map(({ id }: { id: string }) => id)
      const commands = Array.from({ length: count }, () => generate(ids))
      for (let at = 0; at < commands.length; at += 16) {
        await Promise.all(
          commands.slice(at, at + 16).map(async ({ command, refused, why }) => {
            const { method, path, body } = command
            const isBegun = watch.isProtected(command.userId ?? '')
            const { status, text } = await call(method, path, { ...(body && { body }) })
            const code = /"code":"([a-z-]+)"/.exec(text)?.[1] ?? ''
            answers.set(`${status} ${code}`, (answers.get(`${status} ${code}`) ?? 0) + 1)
            if (!refused || !isBegun) return
            const right =
              refused === 'protected'
                ? ['protected-user', 'own-account']
                : [
                    'protected-user',
                    'own-account',
                    'unknown-user',
                    'invalid-user-id',
                    'not-found',
                    'unknown-token'
                  ]
            if (!right.includes(code)) t.fail(`${method} ${path} (${why}): ${status} ${text.slice(0, 300)}`)
          })
        )
      }
      played += count
      if (random.next() < 0.3) {
        await call('POST', '/stop')
        await call('POST', '/resume')
      }
    }

    function generate(ids: string[]): { command: Command; refused?: 'protected' | 'somehow'; why: string } {
      const chance = random.next()
      if (chance < 0.05 && ids.length > 0) {
        const route = random.pick(aboutOthers.slice(0, 3))
        const since = new Date(Date.now() + (elapsed - 2 * hour) * 1_000).toISOString()
        const path = route
          .replace('POST ', '')
          .replace('{operationId}', random.pick(ids))
          .replace('/undo', `/undo?since=${since}`)
        return { command: { route, method: 'POST', path }, why: route }
      }
      const isOther = chance < 0.15
      const id = isOther ? random.pick(others) : random.pick(always).id
      const why = isOther ? random.pick(['plain', 'upper', 'escaped']) : random.pick(Object.keys(variants))
      const { write, same } = variants[why]!
      const route = random.pick(Object.keys(aboutOneUser))
      return {
        command: commandFor(random, route, id, write(id, addressOf(id))),
        refused: same ? 'protected' : 'somehow',
        why
      }
    }

    /** Nothing is at work nor will be soon. */
    async function quiet(world: World | undefined) {
      if (!world) return
      await eventually(
        async () =>
          (
            await world.pool.query(
              `SELECT count(*) AS n FROM operation
              WHERE state IN ('queued', 'running') OR (state = 'waiting' AND resume_at < locksmith_now() + interval '20 s')
                 OR (state = 'scheduled' AND resume_at < locksmith_now())`
            )
          ).rows[0].n,
        (left) => left === 0,
        60
      )
    }

    /** Whoever was deleted or disabled is there again; nobody is told. */
    function revive() {
      for (const id of others) {
        const spec = { email: addressOf(id), enabled: true, groups: ['sales'] }
        if (sandbox.users().some((user) => user.id === id)) sandbox.updateUser(id, spec)
        else sandbox.createUser({ id, ...spec })
      }
    }

    await quiet(world)
    watch.look(() => true)
    t.same(watch.touches, [], 'nobody who is protected was touched')
    t.equal(JSON.stringify(always.map(({ id }) => view(id))), before, 'they are as they were')
    for (const { id } of always) t.same(sandbox.mails({ to: addressOf(id) }), [], `${id} got no mail`)
    t.ok(played >= most, `${played} commands`)
    t.ok(watch.effects() > most / 20, `others were: ${watch.effects()} effects`)
    t.ok(takeovers > 10, `${takeovers} were taken over after their user became protected`)
    t.ok((answers.get('403 protected-user') ?? 0) > most / 10)
    const { rows } = await world!.pool.query(
      `SELECT kind, state, count(*) AS n FROM operation WHERE problem->>'code' IN ('protected-user', 'own-account')
      GROUP BY 1, 2 ORDER BY 1, 2`
    )
    t.ok(
      rows.some(({ kind }) => kind === 'delete'),
      'deletions that were put off among them'
    )
    t.comment(
      JSON.stringify({ answers: Object.fromEntries(answers), rows, takeovers, effects: watch.effects() })
    )
  }
)
