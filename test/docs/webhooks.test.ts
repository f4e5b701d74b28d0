import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { webhookTypes } from '../../src/integrations/webhooks/event.ts'
import { startReceiver } from '../integrations/webhooks/receiver.ts'
import { startStage } from '../integrations/webhooks/stage.ts'
import { bare } from '../support/bare.ts'
import { rowsOf } from './tables.ts'

const page = readFileSync(new URL('../../docs/WEBHOOKS.md', import.meta.url), 'utf8')

t.test('the guide names every type of event, and no other', async (t) => {
  const named = rowsOf(page).flatMap(([types = '']) =>
    [...types.matchAll(/`([a-z-]+\.[a-z-]+)`/g)].map(([, type]) => type!)
  )
  t.same(named.toSorted(), webhookTypes.toSorted())
  t.ok(page.split('\n').length < 150)
})

t.test(
  'the receiver of the guide verifies, tells what it saw twice, and refuses what is forged',
  async (t) => {
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
    const file = join(t.testdir(), 'receiver.mjs')
    writeFileSync(file, code)
    const { call, quiet } = await startStage(t)
    const other = await startReceiver(t)
    const { id, secret } = (await call('POST', '/webhooks', { body: { url: other.url } })).body
    const child = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...bare, WEBHOOK_SECRET: secret, PORT: '0' }
    })
    t.teardown(() => child.kill())
    const lines: string[] = []
    const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    const [listening] = await once(output, 'line')
    const url = `http://127.0.0.1:${/\d+$/.exec(listening)![0]}/`
    await call('PATCH', `/webhooks/${id}`, { body: { url } })
    const { body: delivery } = await call('POST', `/webhooks/${id}/test`)
    await quiet()
    await call('POST', `/webhooks/${id}/deliveries/${delivery.id}/replay`)
    await quiet()
    const { items } = (await call('GET', `/webhooks/${id}/deliveries`)).body
    t.match(items, [{ state: 'delivered', result: '204' }])
    t.same(lines.slice(1), [`webhook.test {"webhook":"/webhooks/${id}"}`], 'once')
    const forged = await fetch(url, {
      method: 'POST',
      body: '{}',
      headers: {
        'webhook-id': 'x',
        'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
        'webhook-signature': 'v1,AAAA'
      }
    })
    t.equal(forged.status, 401)
  }
)
