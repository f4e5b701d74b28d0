import t from 'tap'
import { openapiDocument } from '../../src/http/document.ts'
import { createRandom } from '../faults/harness/random.ts'
import { type Served, serve } from '../support/locksmith.ts'
import {
  aboutNobody,
  aboutOneUser,
  aboutOthers,
  byName,
  ofCampaigns,
  ofStreams,
  ofWebhooks
} from './commands.ts'
import { addressOf, always, generate, logins, others, settings } from './people.ts'
import { setStage } from './stage.ts'

const seed = Number(process.env.SEED ?? 20_261_125)
const most = Number(process.env.COMMANDS ?? 1_500)
/** Each begins with a Locksmith of its own, and a longer list, on the work that the one before has left. */
const phases = most < 10_000 ? 1 : 4
const perRound = 850
const hour = 3_600

t.test('every route that can change something is among the commands', async (t) => {
  const { paths } = (await openapiDocument()) as { paths: Record<string, object> }
  const mutating = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => (method === 'get' ? [] : [`${method.toUpperCase()} ${path}`]))
  )
  t.same(
    mutating.toSorted(),
    [
      ...Object.keys(aboutOneUser),
      ...aboutOthers,
      ...aboutNobody,
      ...ofCampaigns,
      ...ofWebhooks,
      ...ofStreams,
      ...byName
    ].toSorted()
  )
})

t.test(
  `of ${most} commands none touches a protected user (SEED=${seed})`,
  { timeout: 280_000 },
  async (t) => {
    const random = createRandom(seed)
    const stage = await setStage(t, random)
    const { sandbox, databaseUrl, pool, watch, listed } = stage
    const before = stage.view()
    const answers: Record<string, number> = {}
    let played = 0
    let takeovers = 0
    // Whoever begins waits here until the memberships have changed.
    let gate = Promise.withResolvers<void>()

    for (let phase = 1; phase <= phases; phase++) {
      for (const id of random.shuffled(others).slice(0, 5)) listed.add(id)
      stage.beginAnew()
      await t.test(`phase ${phase}`, { timeout: 280_000 }, async (t) => {
        const served: Served = await serve(t, {
          databaseUrl,
          nextcloud: { url: new URL(sandbox.url), publicUrl: new URL(sandbox.url), admins: logins },
          smtp: { url: sandbox.smtpUrl, from: 'Locksmith <locksmith@example.org>' },
          env: { ...settings(listed), WORKERS: '6', SCIM_DELETE_AFTER: 'PT1M' },
          checkpoint: async (point, step, { id, userId }) => {
            if (point === 'intended' && step === 'check-user') await gate.promise
            if (point !== 'recorded' || watch.isProtected(userId) || random.next() > 0.15) return
            takeovers++
            await stage.takeOver(served.world, id, userId)
          }
        })
        while (played < (most * phase) / phases) {
          gate = Promise.withResolvers()
          stage.changeMemberships(0.25)
          await play(served, Math.min(perRound, most - played))
          stage.changeMemberships(0.3)
          await stage.letPass(hour)
          gate.resolve()
          await stage.quiet()
          stage.beginAnew()
        }
        if (phase === phases) return
        // What is asked for now is done under the next list.
        gate = Promise.withResolvers()
        stage.changeMemberships(0.25)
        await play(served, 50)
        gate.resolve()
      })
    }

    async function play({ call }: Served, count: number) {
      const { items } = (await call('GET', '/operations?limit=100')).body
      const ids = items.map(({ id }: { id: string }) => id)
      const since = new Date(Date.now() + (stage.elapsed() - 2 * hour) * 1_000).toISOString()
      const commands = Array.from({ length: count }, () => generate(random, ids, since))
      for (let at = 0; at < commands.length; at += 16) {
        await Promise.all(
          commands.slice(at, at + 16).map(async ({ command, refusals, why }) => {
            const { method, path, body, headers, userId } = command
            const isProtected = userId !== undefined && watch.isProtected(userId)
            const { status, text } = await call(method, path, {
              ...(body && { body }),
              ...(headers && { headers })
            })
            const code = /"code":"([a-z-]+)"/.exec(text)?.[1] ?? ''
            const answer = `${status} ${status < 300 ? '' : code}`.trim()
            answers[answer] = (answers[answer] ?? 0) + 1
            if (status >= 500) t.fail(`${method} ${path}: ${text.slice(0, 300)}`)
            // No answer of Nextcloud in time is no refusal: then the first step says it.
            if (isProtected && status !== 202 && !refusals.includes(code))
              t.fail(`${method} ${path} (${why}): ${status} ${text.slice(0, 300)}`)
          })
        )
      }
      played += count
      await call('POST', '/stop')
      await call('POST', '/resume')
    }

    t.same(watch.touches, [], 'nobody who is protected was touched')
    const { rows: undone } = await pool.query<{ userId: string }>(
      `SELECT user_id AS "userId" FROM audit_event JOIN audit_personal USING (seq) WHERE action = 'step.undo-intended'`
    )
    for (const { userId } of undone) watch.closed.splice(watch.closed.indexOf(userId) >>> 0, 1)
    t.same(watch.closed, [], 'nor disabled but to close what this very operation had opened')
    t.same(stage.view(), before, 'they are as they were')
    for (const { id } of always) t.same(sandbox.mails({ to: addressOf(id) }), [], `${id} got no mail`)
    const { rows: onTrust } = await pool.query(
      `SELECT o.id FROM operation o WHERE o.place = ANY($1)
        AND (o.state <> 'failed' OR o.problem->>'code' NOT IN ('protected-user', 'own-account')
             OR EXISTS (SELECT FROM operation_step s WHERE s.operation_id = o.id AND s.position > 0 AND s.attempts > 0))`,
      [always.map(({ id }) => id.toLowerCase())]
    )
    t.same(onTrust, [], 'what was taken while Nextcloud was slow was refused by its first step')

    const { rows } = await pool.query<{ kind: string; state: string; n: number }>(
      `SELECT kind, state, count(*) AS n FROM operation WHERE problem->>'code' = 'protected-user'
      GROUP BY 1, 2 ORDER BY 1, 2`
    )
    t.comment(JSON.stringify({ answers, rows, takeovers, effects: watch.effects() }))
    t.ok(played >= most, `${played} commands`)
    t.ok(watch.effects() > most / 50, `others were touched: ${watch.effects()} effects`)
    t.ok(takeovers > most / 1_000, `${takeovers} were taken over after their user became protected`)
    t.ok((answers['403 protected-user'] ?? 0) > most / 5)
    t.ok(
      rows.some(({ state }) => state === 'needs-attention'),
      'some in the middle'
    )
    if (most >= 10_000)
      t.ok(
        rows.some(({ kind }) => kind === 'delete'),
        'some were deletions that were put off'
      )
  }
)
