/**
 * A Locksmith at work for a company that does not exist, on the simulated Nextcloud: what the screenshots are taken of.
 * Operations, approvals, mails and the audit are real; only the answers of the past ten days are written by hand, since
 * nobody waits ten days for a picture.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import type { Scope } from '../../src/access/scope.ts'
import { keepAudit } from '../../src/audit/keep.ts'
import { readAuditKeys } from '../../src/audit/keys.ts'
import { generateSigningKey } from '../../src/audit/note.ts'
import { startCampaigns } from '../../src/campaigns/loop.ts'
import { readConfig } from '../../src/config.ts'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createApp } from '../../src/http/app.ts'
import { startWorker } from '../../src/operations/worker.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { uuidv7 } from '../../src/uuid.ts'
import { createLog, createWorld } from '../../src/world.ts'

const occ = fileURLToPath(new URL('../../src/sandbox/occ.ts', import.meta.url))
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile Safari/604.1'

const site = 'cloud.nordwind.example'
const customers: [group: string, domain: string][] = [
  ['Meridian Logistics', 'meridian-logistics.example'],
  ['Hafenwerk', 'hafenwerk.example'],
  ['Ostsee Energie', 'ostsee-energie.example'],
  ['Alpenrail', 'alpenrail.example']
]
const first =
  'Anna,Ben,Clara,David,Elif,Felix,Greta,Henrik,Ines,Jonas,Katja,Lukas,Mara,Nils,Olga,Paul,Rosa,Samir,Tilda,Viktor'.split(
    ','
  )
const last =
  'Albers,Brandt,Conrad,Demir,Eriksen,Fischer,Grimm,Hansen,Ivanova,Jensen,Krause,Lorenz,Maurer,Novak,Osei,Petersen,Quint,Richter,Sommer,Thiele'.split(
    ','
  )

type Person = { id: string; name: string; email: string; group: string; domain: string }

const everybody: Person[] = customers
  .flatMap(([group, domain], c) =>
    Array.from({ length: 40 }, (_, n) => {
      const name = `${first[(n * 7 + c * 3) % 20]} ${last[(n * 11 + c * 5 + Math.floor(n / 20)) % 20]}`
      const id = name.toLowerCase().replace(' ', '.')
      return { id, name, email: `${id}@${domain}`, group, domain }
    })
  )
  .filter(({ id }, at, all) => all.findIndex((each) => each.id === id) === at)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export async function startDemo() {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-screenshots-'))
  // Root's PostgreSQL runs as another user.
  chmodSync(folder, 0o711)
  const postgres = await startEmbeddedPostgres(folder)
  const databaseUrl = await postgres.database('demo', { fresh: true })
  await migrate(databaseUrl)
  const sandbox = await startSandbox({
    publicHost: site,
    settings: { allowListed: true, applyAllowlistToRateLimit: true }
  })
  for (const [group] of customers) sandbox.createGroup(group)
  const now = Math.floor(Date.now() / 1_000)
  for (const [n, { id, name, email, group }] of everybody.entries())
    sandbox.createUser({
      id,
      displayName: name,
      email,
      groups: [group],
      lastLogin: now - ((n * 37) % 90) * 3_600
    })
  const [leaver] = everybody as [Person, ...Person[]]
  for (const userAgent of [firefox, safari]) sandbox.openBrowserSession(leaver.id, { userAgent })
  for (const device of ['Desktop client (LAPTOP-0417)', 'Nextcloud for iOS', 'Thunderbird'])
    sandbox.createAppPassword(leaver.id, device)
  sandbox.addShare(leaver.id, { type: 3, path: '/Tender documents' })
  const guarded = everybody[45]!
  sandbox.updateUser(guarded.id, { twoFactor: ['totp'] })
  sandbox.addShare(guarded.id, { type: 3, path: '/Drawings' })

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = readConfig({
    PUBLIC_URL: url,
    BRAKE_LOCK_OUTS: '8',
    BRAKE_PERCENT: '0',
    RATE_LIMIT_PER_MINUTE: '100000',
    PROTECTED_GROUPS: 'admin'
  })
  const auditKeys = readAuditKeys(generateSigningKey('locksmith.nordwind.example/audit'))!
  const log = createLog('silent')
  const world = await createWorld({
    config,
    databaseUrl,
    auditKeys,
    log,
    ways: {
      occ: {
        command: [process.execPath, occ, '--sandbox', sandbox.url],
        timeoutMs: 20_000
      }
    },
    campaigns: { everyMs: 250, checkMs: 500, toleranceSeconds: 300 },
    nextcloud: { url: new URL(sandbox.url), publicUrl: new URL(`https://${site}`), admins: [sandbox.admin] },
    smtp: { url: sandbox.smtpUrl, from: 'Nordwind Engineering <access@nordwind.example>' }
  })
  const { pool } = world
  const worker = await startWorker(world)
  const audit = keepAudit({ pool, keys: auditKeys, settings: config.audit, log })
  const app = await createApp(world, undefined)
  await app.listen({ port, host: '127.0.0.1' })
  // Afterwards: nobody is mailed before the confirm page was reached.
  const campaigns = startCampaigns(world)

  const long = new Date(Date.now() - 40 * 86_400_000)
  async function keyOf(name: string, owner: string, scopes: Scope[]): Promise<string> {
    const { id, key, hash } = makeKey()
    await insertKey(pool, { id, name, owner, scopes, secretHash: hash, since: long })
    return key
  }
  const keys = {
    anna: await keyOf('Anna Lindqvist', 'anna.lindqvist@nordwind.example', ['admin']),
    tom: await keyOf('Tom Okafor', 'tom.okafor@nordwind.example', [
      'users:read',
      'approvals:decide',
      'audit:read',
      'campaigns:read'
    ]),
    hr: await keyOf('HR system', 'hr@nordwind.example', ['users:offboard', 'users:reset', 'users:read'])
  }

  async function call(key: string, method: string, path: string, body?: object) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: 'wait=20' },
      ...(body && { body: JSON.stringify(body) })
    })
    // biome-ignore lint/suspicious/noExplicitAny: each answer is another, and the API has them in a test
    const answer: any = await response.json()
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }

  // What an ordinary day brings.
  await call(keys.hr, 'POST', `/users/${everybody[60]!.id}/reset`, { reason: 'phone lost, ticket 4711' })
  await call(keys.hr, 'POST', `/users/${everybody[88]!.id}/disable`, { reason: 'parental leave until June' })
  await call(keys.hr, 'POST', `/users/${everybody[20]!.id}/offboard`, { reason: 'left Hafenwerk in October' })
  await call(keys.anna, 'POST', `/users/${everybody[101]!.id}/reset-mail`, { reason: 'asked by phone' })
  await call(keys.hr, 'POST', `/users/${guarded.id}/offboard`, { reason: 'contract ended', shares: 'delete' })
  const campaignId = await plantCampaign(pool)
  const made = await call(keys.anna, 'POST', '/campaigns', {
    name: 'Alpenrail, first review',
    audience: { users: everybody.slice(-3).map(({ id }) => id) },
    owner: 'access@nordwind.example',
    pace: { usersPerHour: 10_000 }
  })
  await call(keys.anna, 'POST', `/campaigns/${made.id}/start`)
  const invited = everybody.at(-1)!
  for (let n = 0; sandbox.mails({ to: invited.email }).length === 0; n++) {
    if (n > 200) throw new Error('no invitation came')
    await pause(100)
  }
  const invitation = sandbox.mails({ to: invited.email }).at(-1)!
  const [troubled] = (await call(keys.tom, 'GET', '/operations?state=needs-attention')).items
  await pause(2_000) // until the audit is sealed

  return {
    url,
    site,
    keys,
    leaver: leaver.id,
    troubled: troubled?.id as string | undefined,
    campaignId,
    invitation: {
      html: invitation.html,
      link: new URL(/https?:\/\/\S+\/confirm\/[\w-]+/.exec(invitation.text)![0]).href
    },
    /** A customer's whole team is to go: more than may be without a second person. @returns the approval's id */
    async manyAtOnce(): Promise<string> {
      const meridian = everybody
        .filter(({ group }, n) => group === 'Meridian Logistics' && n > 1)
        .slice(0, 12)
      for (const { id } of meridian)
        await call(keys.hr, 'POST', `/users/${id}/offboard`, { reason: 'Meridian Logistics: project closed' })
      const [pending] = (await call(keys.tom, 'GET', '/approvals?state=pending')).items
      return pending.id
    },
    async stop() {
      await world.drain()
      await app.close()
      await campaigns.stop()
      await worker.stop()
      await audit.stop()
      await world.close()
      await sandbox.close()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** A round that opened ten days ago, with the answers that came since. */
  async function plantCampaign(db: typeof pool): Promise<string> {
    const id = uuidv7()
    const day = 86_400_000
    const opened = Date.now() - 10 * day
    const definition = {
      mode: 'confirm',
      audience: { groups: customers.map(([group]) => group) },
      schedule: { every: 'P3M', startsAt: new Date(opened).toISOString(), timeZone: 'Europe/Berlin' },
      remindAfter: ['P5D', 'P12D'],
      closesAfter: 'P21D',
      onSilence: 'disable',
      onLeft: 'offboard',
      onBounce: 'hold',
      owner: 'access@nordwind.example',
      minimumResponse: 60,
      pace: { usersPerHour: 200, resetsPerDomain: 6 },
      contacts: [],
      mails: {}
    }
    await db.query(
      `INSERT INTO campaign (id, name, definition, state, round, requested_by, owner, vouchers, created_at)
       VALUES ($1, 'Customers, winter review', $2, 'open', 1, 'host', 'anna.lindqvist@nordwind.example', '{}', $3)`,
      [id, definition, new Date(opened - day)]
    )
    await db.query(
      `INSERT INTO round (campaign_id, number, began_at, opened_at, listed, matched) VALUES ($1, 1, $2, $2, $3, $4)`,
      [id, new Date(opened), everybody.length + 21, everybody.length]
    )
    const rows = everybody.map(({ id: userId, name, email, domain }, n) => {
      const asked = opened + 600_000 + n * 18_000
      // Most answer within hours of a mail, some after the reminder, some not yet.
      const roll = (n * 73) % 100
      const wait = roll < 45 ? 1 + ((n * 31) % 70) : roll < 68 ? 121 + ((n * 17) % 60) : undefined
      const answer =
        wait === undefined ? undefined : roll % 14 === 0 ? 'left' : roll % 9 === 0 ? 'vouched' : 'confirmed'
      const state = answer ?? (roll > 96 ? 'bounced' : 'asked')
      const isOver = answer !== undefined
      return {
        userId,
        name,
        email,
        domain,
        state: state === 'left' ? 'acted' : state,
        answer: answer ?? null,
        askedAt: new Date(asked),
        answeredAt: wait === undefined ? null : new Date(asked + wait * 3_600_000),
        answeredBy: answer === undefined ? null : answer === 'vouched' ? `office@${domain}` : 'self',
        because: answer === 'left' ? 'left' : null,
        nextMail: isOver || state === 'bounced' ? null : 2,
        dueAt: isOver || state === 'bounced' ? null : new Date(asked + 12 * day),
        bounce: state === 'bounced' ? 'hard' : null
      }
    })
    await db.query(
      `INSERT INTO participant (campaign_id, round, place, user_id, display_name, address, domain, language, backend, state,
                                next_mail, due_at, asked_at, over_at, reached, bounce, answer, answered_at, answered_by, because, ended_at)
       SELECT $1, 1, lower(r."userId"), r."userId", r.name, r.email, r.domain, 'en', 'Database', r.state, r."nextMail", r."dueAt",
              r."askedAt", 'infinity', r.bounce IS NULL, r.bounce, r.answer, r."answeredAt", r."answeredBy", r.because,
              CASE WHEN r.state = 'acted' THEN r."answeredAt" END
         FROM jsonb_to_recordset($2) AS r ("userId" text, name text, email text, domain text, state text, "nextMail" smallint,
              "dueAt" timestamptz, "askedAt" timestamptz, bounce text, answer text, "answeredAt" timestamptz, "answeredBy" text, because text)`,
      [id, JSON.stringify(rows)]
    )
    for (const [number, offset] of [
      [0, 0],
      [1, 5 * day]
    ] as const)
      for (const row of rows) {
        const at = row.askedAt.getTime() + offset
        if (number > 0 && row.answeredAt && row.answeredAt.getTime() < at) continue
        await db.query(
          `INSERT INTO campaign_mail (id, campaign_id, round, place, number, address, state, begun_at, ended_at, response)
           VALUES ($1, $2, 1, $3, $4, $5, 'accepted', $6, $6, '250 2.0.0 Ok: queued')`,
          [uuidv7(), id, row.userId, number, row.email, new Date(at)]
        )
      }
    return id
  }
}
