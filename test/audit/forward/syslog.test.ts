import t, { type Test } from 'tap'
import { auditActions } from '../../../src/audit/event.ts'
import { toEcs } from '../../../src/audit/forward/ecs.ts'
import { forwardOnce } from '../../../src/audit/forward/forward.ts'
import { sendSyslog } from '../../../src/audit/forward/syslog.ts'
import { frameSyslog } from '../../../src/audit/forward/syslog-message.ts'
import { createTarget, type ForwardTarget } from '../../../src/audit/forward/target.ts'
import { skipTls } from '../../support/certificate.ts'
import { eventOf, eventsUpTo, hostile, memoryCursor, never, quiet, readFrom } from './events.ts'
import { certificate, type Fate, type Receiver, startReceiver } from './receiver.ts'
import { parseStrictly, takeFrames } from './rfc5424.ts'

const targetAt = (port: number, secure = false, tls?: { ca: string }): ForwardTarget =>
  createTarget({ kind: 'syslog', host: '127.0.0.1', port, secure }, tls && { tls })

const indexes = ({ received }: Receiver) => received.map(({ data }) => Number(data['locksmith@32473']!.index))

/** Every message of one frame. */
function only(frame: Buffer) {
  const messages: Buffer[] = []
  t.equal(takeFrames(frame, (message) => messages.push(message)).length, 0)
  t.equal(messages.length, 1)
  return parseStrictly(messages[0]!)
}

t.test('a message is one of RFC 5424, with the event as JSON in fields of ECS', async (t) => {
  const event = eventOf({ index: 7 })
  const message = only(frameSyslog(event))
  t.match(message, {
    priority: 109,
    timestamp: '2026-11-29T17:00:00.123456Z',
    appName: 'locksmith',
    procId: String(process.pid),
    msgId: 'step.done',
    data: { 'locksmith@32473': { seq: '15', index: '7', hash: event.hash } }
  })
  t.same(JSON.parse(message.message), toEcs(event))
})

t.test('what failed, or may have, is a warning; all else a notice', async (t) => {
  const priorityOf = (outcome: 'success' | 'failure' | 'unknown' | null) =>
    only(frameSyslog(eventOf({ outcome }))).priority
  t.same([priorityOf('success'), priorityOf(null)], [109, 109])
  t.same([priorityOf('failure'), priorityOf('unknown')], [108, 108])
})

t.test('every action fits into a MSGID', async (t) => {
  for (const action of auditActions) t.equal(only(frameSyslog(eventOf({ action }))).msgId, action)
})

t.test('nothing in an event can break out of its message', async (t) => {
  t.same(JSON.parse(only(frameSyslog(hostile)).message), toEcs(hostile))
  const { data } = only(frameSyslog(eventOf({ hash: 'a"] [x y="\\' })))
  t.equal(data['locksmith@32473']!.hash, 'a"] [x y="\\')
})

t.test('an event that is too long says that its details are left out, and is never cut', async (t) => {
  for (const [fill, isWhole] of [
    ['x'.repeat(100), true],
    ['x'.repeat(100_000), false],
    ['👾'.repeat(6_000), false] // 24 KB, and 72 KB as it is escaped
  ] as const) {
    const event = eventOf({ details: { reason: fill } })
    const frame = frameSyslog(event)
    const ecs = JSON.parse(only(frame).message)
    t.ok(frame.length <= 65_536 + 6)
    if (isWhole) t.same(ecs.locksmith.details, event.details)
    else {
      t.match(ecs, {
        tags: ['details-omitted'],
        event: { id: event.hash, action: 'step.done' },
        user: { target: { id: 'alice' } },
        locksmith: { details_bytes: Buffer.byteLength(JSON.stringify(event.details)) }
      })
      t.notOk('details' in ecs.locksmith || 'reason' in ecs.event)
    }
  }
})

/** Forwards to a receiver that meets that fate once, until everything has arrived. */
async function forwardTo(t: Test, fate: Fate) {
  const receiver = await startReceiver(t, { fate })
  const server = { host: '127.0.0.1', port: receiver.port, secure: false }
  const cursor = memoryCursor()
  const target = {
    ...targetAt(receiver.port),
    // However slow this machine is: one that ends too soon is heard in time.
    send: (messages: Buffer[], signal: AbortSignal) =>
      sendSyslog(server, messages, signal, { settleMs: cursor.errors.length === 0 ? 10_000 : 20 })
  }
  const forwarding = { read: readFrom(eventsUpTo(6)), cursor, target, log: quiet }
  await forwardOnce(forwarding, never)
  const before = cursor.next
  await forwardOnce(forwarding, never)
  return { receiver, cursor, before }
}

const lengths = eventsUpTo(6).map((event) => frameSyslog(event).length)
const frameEnds = lengths.map((_, n) => lengths.slice(0, n + 1).reduce((sum, length) => sum + length))
const batchBytes = frameEnds.at(-1)!
/** Each end of a frame and its neighbours, and one in 197 of all others. */
const positions = [
  ...new Set([
    ...frameEnds.flatMap((end) => [end - 1, end, end + 1]).filter((at) => at <= batchBytes),
    ...Array.from({ length: Math.ceil(batchBytes / 197) }, (_, n) => n * 197)
  ])
]

for (const does of ['resets', 'ends'] as const)
  t.test(`wherever in a batch a receiver ${does}, every event arrives, and in order`, async (t) => {
    await Promise.all(
      positions.map(async (afterBytes) => {
        const { receiver, cursor, before } = await forwardTo(t, { afterBytes, does })
        const came = indexes(receiver)
        if (before !== 0 || receiver.faults.length > 0 || cursor.next !== 6)
          t.fail(`after ${afterBytes} bytes`, { before, faults: receiver.faults, next: cursor.next })
        t.strictSame([...new Set(came)], [0, 1, 2, 3, 4, 5], `after ${afterBytes} bytes`)
      })
    )
  })

t.test('a receiver that stays connected, and reads all, is sent everything once', async (t) => {
  const receiver = await startReceiver(t)
  const cursor = memoryCursor()
  const events = eventsUpTo(1_200)
  await forwardOnce({ read: readFrom(events), cursor, target: targetAt(receiver.port), log: quiet }, never)
  t.strictSame(
    indexes(receiver),
    events.map(({ index }) => index)
  )
  t.strictSame([receiver.connections(), cursor.next, receiver.faults], [3, 1_200, []])
})

t.test('one that reads and never closes has not received it', async (t) => {
  const receiver = await startReceiver(t, { fate: { does: 'is silent' } })
  const server = { host: '127.0.0.1', port: receiver.port, secure: false }
  await t.rejects(sendSyslog(server, [frameSyslog(eventOf())], never, { timeoutMs: 300 }), {
    name: 'DeliveryError',
    message: 'it did not take all within 0.3 s'
  })
})

t.test('an end of ours breaks it off at once', async (t) => {
  const receiver = await startReceiver(t, { fate: { does: 'is silent' } })
  const server = { host: '127.0.0.1', port: receiver.port, secure: false }
  const stopping = new AbortController()
  setTimeout(() => stopping.abort(), 250)
  const began = performance.now()
  await t.rejects(sendSyslog(server, [frameSyslog(eventOf())], stopping.signal), { name: 'DeliveryError' })
  t.ok(performance.now() - began < 2_000)
})

t.test('one that is not there is said by its code', async (t) => {
  await t.rejects(targetAt(1).send([frameSyslog(eventOf())], never), {
    message: 'it cannot be reached, or broke off (ECONNREFUSED)'
  })
})

t.test('over TLS', { skip: skipTls }, async (t) => {
  const tls = certificate(t)

  t.test('everything arrives, and what broke off is sent again', async (t) => {
    const events = [hostile, ...eventsUpTo(40, { userId: 'bert' }).slice(1)]
    for (const fate of [undefined, { does: 'resets', afterBytes: 5_000 } as const]) {
      const receiver = await startReceiver(t, { tls, ...(fate && { fate }) })
      const cursor = memoryCursor()
      const target = targetAt(receiver.port, true, { ca: tls.cert })
      const forwarding = { read: readFrom(events), cursor, target, log: quiet }
      for (let n = 0; n < 3 && cursor.next < 40; n++) await forwardOnce(forwarding, never)
      t.strictSame(
        [...new Set(indexes(receiver))],
        events.map(({ index }) => index)
      )
      t.strictSame(receiver.faults, [])
      t.equal(receiver.connections(), fate ? 2 : 1)
    }
  })

  t.test('nothing is sent to a server whose certificate is not trusted', async (t) => {
    const receiver = await startReceiver(t, { tls })
    await t.rejects(targetAt(receiver.port, true).send([frameSyslog(eventOf())], never), {
      message: /^its TLS certificate is not accepted \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/
    })
    t.equal(receiver.received.length, 0)
  })

  t.test('nor to one whose certificate is for another name', async (t) => {
    const receiver = await startReceiver(t, { tls, host: '127.0.0.2' })
    const server = { host: '127.0.0.2', port: receiver.port, secure: true }
    await t.rejects(sendSyslog(server, [frameSyslog(eventOf())], never, { tls: { ca: tls.cert } }), {
      message: 'its TLS certificate is not accepted (ERR_TLS_CERT_ALTNAME_INVALID)'
    })
    t.equal(receiver.received.length, 0)
  })
})
