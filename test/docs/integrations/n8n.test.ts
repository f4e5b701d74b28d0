import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { startStage } from '../../integrations/webhooks/stage.ts'
import { startDropping } from '../../support/dropping.ts'
import { count } from '../../support/keyed.ts'
import { eventually, firstKey, startLocksmith } from '../../support/locksmith.ts'
import { keepBusy } from './busy.ts'
import { type Run, runWorkflow, type Surroundings } from './n8n/workflow.ts'

const read = (name: string) =>
  readFileSync(new URL(`../../../docs/integrations/${name}`, import.meta.url), 'utf8')
const surroundings: Surroundings = {
  credential: { name: 'Authorization', value: `Bearer ${firstKey}` },
  haste: 100
}

/** Off-boards somebody, with what a person sets in the workflow set for this test. */
const offboard = (url: string, userId: string): Promise<Run> => {
  const file = read('n8n-offboard.json')
    .replaceAll('"http://localhost:3000"', JSON.stringify(url))
    .replaceAll('"alice"', JSON.stringify(userId))
  return runWorkflow(JSON.parse(file), { json: {} }, surroundings)
}

t.test('it off-boards a leaver; started twice, once', async (t) => {
  const here = await startLocksmith(t, { sandbox: { seed: true } })
  const dropping = await startDropping(t, here.url)
  dropping.when = (request) => request.startsWith('POST /users/alice/offboard')
  dropping.left = 2
  const run = await offboard(dropping.url, 'alice')
  t.equal(dropping.dropped, 2, 'two answers were lost')
  t.equal(run.failed, undefined)
  t.match(run.given['Off-boarded'], [{ json: { text: /^alice is off-boarded\. Left: \{"tokens":0,/ } }])
  t.same((await offboard(here.url, 'alice')).given['Off-boarded'], run.given['Off-boarded'])
  t.equal(await count(here, 'operation'), 1)
})

t.test('it waits for what else works on the user, and for as long as it takes', async (t) => {
  const here = await startLocksmith(t, { sandbox: { seed: true } })
  await keepBusy(here)
  const running = offboard(here.url, 'alice')
  setTimeout(() => here.sandbox.clearFaults(), 1_000)
  const run = await running
  t.ok(run.given['Wait a while']!.length > 0)
  t.match(run.given['Off-boarded'], [{ json: { text: /^alice is off-boarded/ } }])
})

t.test(
  'where a person is needed it fails, and says what for; where a second one decides it says where',
  async (t) => {
    const here = await startLocksmith(t, { sandbox: { seed: true }, env: { BRAKE_LOCK_OUTS: '1' } })
    const { failed } = await offboard(here.url, 'erin')
    t.match(failed, /^erin: needs-attention residual-access\. Not everything .* Operation: [\da-f-]{36}$/)
    const held = await offboard(here.url, 'bob')
    t.match(held.given['Tell who approves'], [
      { json: { text: / of bob: http:.*\/approvals\/[\da-f-]{36}$/ } }
    ])
    t.equal(
      (await offboard(here.url, 'nobody')).failed,
      'nobody is not off-boarded: 404 unknown-user. Nextcloud has no user "nobody". Nothing was done.'
    )
  }
)

t.test('the webhook tells of what needs a person, and of nothing that Locksmith did not send', async (t) => {
  const here = await startStage(t, { worker: true, sandbox: { seed: true }, env: { BRAKE_LOCK_OUTS: '1' } })
  const receiver = await startWebhook(t)
  const { body } = await here.call('POST', '/webhooks', { body: { url: receiver.url } })
  receiver.file = read('n8n-webhook.json')
    .replaceAll('"http://localhost:3000"', JSON.stringify(here.url))
    .replaceAll('whsec_PASTE-THE-SECRET-OF-THE-WEBHOOK', body.secret)
  const wait = { headers: { prefer: 'wait=20' } }
  await here.call('POST', '/users/alice/reset-mail', wait)
  const erin = await here.call('POST', '/users/erin/offboard', wait)
  const bob = await here.call('POST', '/users/bob/offboard')
  await here.quiet()
  const said = await eventually(
    () =>
      receiver.runs.flatMap(({ given }) => given['Tell a person'] ?? []).map(({ json }) => String(json.text)),
    (texts) => texts.length === 2
  )
  t.match(
    said.find((text) => text.startsWith('offboard of erin')),
    `/operations/${erin.body.id}`
  )
  t.match(
    said.find((text) => text.startsWith('offboard of bob: awaiting-approval.')),
    bob.body.approval
  )
  t.match(receiver.statuses, [204, 204, 204])
  await here.call('POST', `/webhooks/${body.id}/rotate`, { body: {} })
  await here.call('POST', `/webhooks/${body.id}/test`)
  await here.quiet()
  t.equal(receiver.statuses.at(-1), 204, 'while the secret is being changed either will do')

  const { headers: sent, body: bytes } = receiver.requests.at(-1)!
  const signed = Object.fromEntries(Object.entries(sent).filter(([name]) => name.startsWith('webhook-')))
  const earlier = String(Number(signed['webhook-timestamp']) - 301)
  const { status: again } = await fetch(receiver.url, { method: 'POST', headers: signed, body: bytes })
  t.equal(again, 204, 'as it was sent')
  for (const [headers, payload, why] of [
    [signed, `${bytes} `, 'other bytes'],
    [{ ...signed, 'webhook-timestamp': earlier }, bytes, 'another time'],
    [{ ...signed, 'webhook-id': 'x' }, bytes, 'another id'],
    [{ ...signed, 'webhook-signature': 'v1,AAAA' }, bytes, 'another signature'],
    [{}, bytes, 'none']
  ] as const) {
    const { status } = await fetch(receiver.url, { method: 'POST', headers, body: payload })
    t.equal(status, 401, why)
  }
})

/** As n8n's own server hands a request to a workflow with a Webhook node. */
async function startWebhook(t: Test) {
  const receiver = {
    url: '',
    file: '',
    runs: [] as Run[],
    statuses: [] as number[],
    requests: [] as { headers: Record<string, string>; body: string }[]
  }
  const server = createServer(async (request, response) => {
    const raw = await buffer(request)
    const headers = request.headers as Record<string, string>
    receiver.requests.push({ headers, body: String(raw) })
    const respond = (status: number) => {
      receiver.statuses.push(status)
      response.writeHead(status).end()
    }
    const json = { headers, params: {}, query: {}, body: JSON.parse(String(raw)) }
    const binary = { data: { data: raw.toString('base64'), mimeType: 'application/json' } }
    receiver.runs.push(
      await runWorkflow(JSON.parse(receiver.file), { json, binary }, { ...surroundings, respond })
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/locksmith`
  return receiver
}
