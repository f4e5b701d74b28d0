import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { streamEvents, supportedEvents } from '../../src/integrations/ssf/event.ts'
import { push, startSsf } from '../integrations/ssf/stage.ts'
import { bare } from '../support/bare.ts'
import { rowsOf } from './tables.ts'

const page = readFileSync(new URL('../../docs/integrations/ssf.md', import.meta.url), 'utf8')

t.test('the guide names every event, and no other', async (t) => {
  const named = rowsOf(page).flatMap(([event = '']) => {
    const [, family, name] = /^(CAEP|RISC|SSF) `([a-z-]+)`/.exec(event) ?? []
    return name ? [`https://schemas.openid.net/secevent/${family!.toLowerCase()}/event-type/${name}`] : []
  })
  t.same(named.toSorted(), [...supportedEvents, ...Object.values(streamEvents)].toSorted())
})

t.test('the receiver of the guide verifies, tells what it saw, and refuses what is forged', async (t) => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const file = join(t.testdir(), 'receiver.mjs')
  writeFileSync(file, code)
  const { call, quiet, happen, deliveries, issuer } = await startSsf(t)
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...bare, ISSUER: issuer, PORT: '0' }
  })
  t.teardown(() => child.kill())
  const lines: string[] = []
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const [listening] = await once(output, 'line')
  const endpoint_url = `http://127.0.0.1:${/\d+$/.exec(listening)![0]}/events`
  const made = await call('POST', '/ssf/streams', { body: { delivery: { method: push, endpoint_url } } })
  const id = made.body.stream_id
  t.equal((await call('POST', '/ssf/verify', { body: { stream_id: id, state: 'hello' } })).status, 204)
  await quiet()
  await happen('anna', 'disable-user')
  await quiet()
  t.match(await deliveries(id), [{ result: '202' }, { result: '202' }])
  t.same(lines.slice(1), [
    `{"format":"opaque","id":"${id}"} ${streamEvents.verification}`,
    `{"format":"iss_sub","iss":"${issuer}","sub":"anna"} https://schemas.openid.net/secevent/risc/event-type/account-disabled`
  ])
  const forged = await fetch(endpoint_url, {
    method: 'POST',
    body: 'eyJ0eXAiOiJzZWNldmVudCtqd3QifQ.e30.AAAA'
  })
  t.equal(forged.status, 400)
  t.match(await forged.json(), { err: 'invalid_request' })
})
