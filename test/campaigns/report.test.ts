import { createHash } from 'node:crypto'
import t from 'tap'
import { keyOf } from '../access/caller.ts'
import { startLocksmith } from '../support/locksmith.ts'
import { insertRound } from '../support/report.ts'
import { recordsOf, rowsOf } from './rows.ts'
import { hostile, tellRound } from './told.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests look into
type Json = any

t.test('a report in three formats, of the same truth', async (t) => {
  const { call, world, url } = await startLocksmith(t, { worker: false })
  const id = await tellRound(world.pool)
  const get = (format: string, query = '') => call('GET', `/campaigns/${id}/report?format=${format}${query}`)
  const report: Json = (await get('json')).body
  const person = (userId: string) => report.participants.find((each: Json) => each.userId === userId)

  t.test(
    'JSON: who was asked, when and where, what was answered, done, read back and approved',
    async (t) => {
      t.match(report, {
        campaign: { id, name: 'Partner access, autumn 2026', definition: { closesAfter: 'P14D' } },
        round: { number: 1, listed: 1412, endedAt: null, extraSeconds: 0 },
        final: false,
        counts: {
          participants: 9,
          inRound: 7,
          out: { total: 2, because: { 'no-mail-address': 1, 'directory-user': 1 } },
          results: { confirmed: 1, vouched: 1, excluded: 1, left: 1, silent: 2, bounced: 1, open: 0 },
          followed: { acted: 2, spared: 1, failed: 1, acting: 0, pending: 0 },
          mails: { accepted: 9, refused: 1, unknown: 1, bouncedHard: 1 }
        }
      })
      t.ok(Math.abs(Date.parse(report.asOf) - Date.now()) < 60_000)
      t.strictSame(
        report.participants.map(({ userId }: Json) => userId),
        ['anna', 'bert', 'cleo', 'dora', 'emil', 'fred', 'gina', 'hugo', 'Ines']
      )
      t.strictSame(person('anna').mails, [
        {
          number: 0,
          address: 'anna@acme.example',
          at: '2026-11-02T08:01:00.000Z',
          state: 'accepted',
          response: '250 2.0.0 Ok: queued as 4F1',
          bounce: null
        }
      ])
      t.match(person('anna').answer, {
        answer: 'confirmed',
        by: 'self',
        role: 'self',
        at: '2026-11-03T10:20:30.456Z'
      })
      t.match(person('bert').answer, {
        by: 'chief@acme.example',
        role: 'contact',
        reason: 'on parental leave'
      })
      t.match(person('cleo').answer, {
        by: 'key:3kPq9TzX1mLs',
        role: 'administrator',
        reason: hostile.reason
      })
      t.strictSame(
        person('cleo').mails.map(({ address, state }: Json) => [address, state]),
        [
          ['cleo@acme.example', 'unknown'],
          ['cleo@new.example', 'refused']
        ]
      )
      t.match(person('dora'), {
        because: 'left',
        action: {
          kind: 'offboard',
          state: 'succeeded',
          outcome: { revoked: { sessions: 2, appPasswords: 1 }, remaining: 0, enabled: false },
          done: ['account disabled', 'password replaced', 'revoked: 2 sessions, 1 app password'],
          verified: ['read back from Nextcloud: disabled', 'read back from Nextcloud: remaining 0']
        }
      })
      t.notOk('user' in person('dora').action.outcome, 'no more of the person than the report is about')
      t.match(person('emil').action.approval, {
        state: 'approved',
        decidedBy: 'key:3kPq9TzX1mLs',
        hash: /^5f0c/
      })
      t.match(person('fred'), {
        state: 'failed',
        problem: { code: 'gave-up' },
        mails: [{ bounce: { kind: 'hard', at: '2026-11-02T08:03:00.000Z', said: '5.1.1 no such user' } }]
      })
      t.match(person('gina'), { state: 'spared', action: null, problem: { code: 'protected-user' } })
      t.match(person('hugo'), { outBecause: 'no-mail-address', mails: [], answer: null })
    }
  )

  t.test(
    'the curve of answers ends at all that there are, and its marks count what came before them',
    async (t) => {
      t.match(report.timeline[0], { at: '2026-11-02T08:00:00.000Z', confirmed: 0, vouched: 0, left: 0 })
      t.match(report.timeline.at(-1), { at: '2026-11-17T08:30:00.000Z', confirmed: 1, vouched: 1, left: 1 })
      t.ok(report.timeline.length <= 200)
      t.strictSame(
        report.marks.map(({ kind, number, confirmed, vouched, left }: Json) => [
          kind,
          number,
          confirmed,
          vouched,
          left
        ]),
        [
          ['opened', undefined, 0, 0, 0],
          ['invited', undefined, 0, 0, 0],
          ['reminded', 1, 1, 0, 1],
          ['reminded', 2, 1, 1, 1],
          ['closed', undefined, 1, 1, 1],
          ['as-of', undefined, 1, 1, 1]
        ]
      )
    }
  )

  t.test('CSV: a row for each, which no spreadsheet takes for a formula', async (t) => {
    const { text, headers } = await get('csv')
    // `fetch` takes the byte order mark away.
    const raw = Buffer.from(
      await (await fetch(`${url}/campaigns/${id}/report?format=csv`, { headers: await key() })).arrayBuffer()
    )
    t.strictSame([...raw.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    t.match(headers.get('content-type'), 'text/csv; charset=utf-8')
    t.equal(
      headers.get('content-disposition'),
      'attachment; filename="campaign-partner-access-autumn-2026-round-1-not-final.csv"'
    )
    const rows = recordsOf(text)
    t.strictSame(
      rows.map(({ user_id, state, answer, action_state, approval_by, problem }) => [
        user_id,
        state,
        answer,
        action_state,
        approval_by,
        problem
      ]),
      report.participants.map(({ userId, state, answer, action, problem }: Json) => [
        userId,
        state,
        answer?.answer ?? '',
        action?.state ?? '',
        action?.approval?.decidedBy ?? '',
        problem?.code ?? ''
      ])
    )
    const cleo = rows.find(({ user_id }) => user_id === 'cleo')!
    t.equal(cleo.display_name, `'${hostile.displayName}`)
    t.equal(cleo.answer_reason, hostile.reason.replace('@', "'@").replace('=cmd', "'=cmd"))
    for (const cell of rowsOf(text).flat()) t.notMatch(cell, /(^|[;\t\r\n])[=+\-@]|^[\t\r\n]/)
    for (const { report } of rows) t.match(report, /^not final: as of 20/)
  })

  t.test('HTML: one page that runs nothing, loads nothing, and shows words as words', async (t) => {
    const { text, headers } = await get('html')
    const style = /<style>(.*)<\/style>/s.exec(text)![1]!
    const hash = createHash('sha256').update(style).digest('base64')
    t.equal(
      headers.get('content-security-policy'),
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
    )
    t.equal(
      headers.get('content-disposition'),
      'inline; filename="campaign-partner-access-autumn-2026-round-1-not-final.html"'
    )
    t.notMatch(text, /<script|<img|<link|<iframe| style=| on\w+="|https?:\/\/(?!evil)/i)
    t.match(text, '&lt;script&gt;alert(1)&lt;/script&gt;&quot;')
    t.match(text, '&lt;img src=x onerror=alert(2)&gt; &amp; \ufffdgnp.exe')
    t.equal(text.match(/<tr>\n<td><p><b><bdi>/g)?.length, 9, 'a row for each')
    t.match(text, /Not final: as of <time/)
    t.match(text, 'ISO/IEC 27001:2022, Annex A 5.18')
    t.match(text, 'SOC 2, CC6.3')
    t.match(text, /<svg [^>]*role="img"[^>]*>\s*<title id="chart-title">Answers over time<\/title>\s*<desc/)
    t.match(text, 'At the end: confirmed 1, vouched for 1, no longer needed 1.')
    for (const words of [
      'Members of partners or suppliers; no mail address at example.org.',
      'Every 3 months from 2026-11-02T08:00:00Z (Europe/Berlin).',
      'reminders after 5 days and 10 days',
      'read back from Nextcloud: remaining 0'
    ])
      t.match(text, words)
  })

  t.test('a browser gets the page, everybody else JSON; nothing of it is stored', async (t) => {
    const plain = await call('GET', `/campaigns/${id}/report`)
    t.match(plain.headers.get('content-type'), 'application/json')
    const browser = await call('GET', `/campaigns/${id}/report`, {
      headers: { accept: 'text/html,*/*;q=0.8' }
    })
    t.match(browser.headers.get('content-type'), 'text/html')
    for (const { headers } of [plain, browser]) {
      t.equal(headers.get('cache-control'), 'no-store')
      t.equal(headers.get('vary'), 'Accept')
    }
  })

  t.test('what is not there is said, and so is that hashes are not there yet', async (t) => {
    t.match(await get('sha256'), { status: 409, body: { code: 'report-not-final' } })
    t.match(await get('json', '&round=2'), {
      status: 404,
      body: { code: 'unknown-campaign', detail: /no round 2/ }
    })
    const nowhere = await call('GET', '/campaigns/01a2093a-77c1-7000-8b1e-9d3f5c7a1e42/report')
    t.match(nowhere, { status: 404, body: { code: 'unknown-campaign' } })
    const early = await insertRound(world.pool, 'ünî 東京')
    await world.pool.query('DELETE FROM round WHERE campaign_id = $1', [early])
    await world.pool.query('UPDATE campaign SET round = 0 WHERE id = $1', [early])
    t.match(await call('GET', `/campaigns/${early}/report`), {
      status: 404,
      body: { detail: /no round yet/ }
    })
  })

  async function key() {
    const { authorization } = await keyOf({ call, world } as never, ['campaigns:read'])
    return { authorization }
  }
})

t.test('a round without anybody has a report, too', async (t) => {
  const { call, world } = await startLocksmith(t, { worker: false })
  const id = await insertRound(world.pool, '東京')
  for (const format of ['html', 'csv', 'json']) {
    const { status, headers } = await call('GET', `/campaigns/${id}/report?format=${format}`)
    t.equal(status, 200)
    t.match(headers.get('content-disposition'), `campaign-${id}-round-1-not-final.${format}`)
  }
  const { body } = await call('GET', `/campaigns/${id}/report`)
  t.match(body, { participants: [], counts: { participants: 0 } })
})
