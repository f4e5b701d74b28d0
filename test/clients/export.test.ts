import t from 'tap'
import { createLocksmith, type ExportLine } from '../../clients/typescript/src/index.ts'
import { firstKey } from '../support/locksmith.ts'
import { ofAnna, startClient } from './stage.ts'

t.test(
  'the audit is exported a line at a time, while it still arrives, and its end is asked for',
  async (t) => {
    const { locksmith, url } = await startClient(t)
    const { data } = await locksmith.POST('/users/{userId}/reset', ofAnna)
    await locksmith.waitForOperation(data)
    const lines: ExportLine[] = []
    for await (const line of locksmith.exportAudit({ operationId: data.id })) lines.push(line)
    t.equal(lines[0]!.type, 'export')
    t.equal(lines.at(-1)!.type, 'end')
    t.equal(lines.filter(({ type }) => type === 'event').length, lines.at(-1)!.events)

    // The same, with the last line held back, and then never sent.
    const whole = await (await locksmith.GET('/audit/export', { parseAs: 'text' })).data
    const cut = whole.lastIndexOf('\n', whole.length - 2) + 1
    for (const [held, why] of [
      [whole.slice(cut), 'whole'],
      ['', /has no end/],
      [whole.slice(cut, -10), /broke off/]
    ] as const) {
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
      const writer = writable.getWriter()
      const send = (text: string) => writer.write(new TextEncoder().encode(text))
      const headers = { 'content-type': 'application/x-ndjson' }
      const slow = createLocksmith({
        url,
        apiKey: firstKey,
        fetch: async () => new Response(readable, { headers })
      })
      const exported = slow.exportAudit()
      const sent = send(whole.slice(0, cut))
      t.equal((await exported.next()).value!.type, 'export', 'before the rest is there')
      const rest = async () => {
        for await (const _ of exported);
      }
      const read = rest()
      await sent
      const closed = send(held).then(() => writer.close())
      if (why === 'whole') await read
      else await t.rejects(read, { name: 'LocksmithError', message: why })
      await closed.catch(() => {})
    }
  }
)

t.test('whoever leaves the loop ends the transfer', async (t) => {
  const { url } = await startClient(t)
  let cancelled = false
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('{"type":"event"}\n')),
    cancel: () => {
      cancelled = true
    }
  })
  const headers = { 'content-type': 'application/x-ndjson' }
  const locksmith = createLocksmith({
    url,
    apiKey: firstKey,
    fetch: async () => new Response(endless, { headers })
  })
  for await (const line of locksmith.exportAudit()) {
    t.equal(line.type, 'event')
    break
  }
  t.ok(cancelled)
})
