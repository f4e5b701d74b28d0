import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { cursorOf, readCursor, takeLease } from '../../../src/audit/forward/cursor.sql.ts'
import { DeliveryError } from '../../../src/audit/forward/delivery-error.ts'
import {
  type Cursor,
  forwardOnce,
  mostBytes,
  mostEvents,
  startForwarding
} from '../../../src/audit/forward/forward.ts'
import { createTarget, type ForwardTarget } from '../../../src/audit/forward/target.ts'
import type { Pool } from '../../../src/db/pool.ts'
import { eventOf, eventsUpTo, memoryCursor, never, quiet, readFrom } from './events.ts'
import { openCursor, pass } from './table.ts'

const { pools, cursors, reset } = await openCursor(t)

/** Takes whatever it is sent, unless it is told otherwise. */
function recorder(meanwhile: (batch: number[], signal: AbortSignal) => Promise<void> | void = () => {}) {
  const batches: number[][] = []
  const target: ForwardTarget = {
    name: 'recorder',
    encode: (event) => Buffer.from(`${event.index}`),
    async send(encoded, signal) {
      const batch = encoded.map(Number)
      await meanwhile(batch, signal)
      batches.push(batch)
    }
  }
  return { target, batches }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const forwarding = (cursor: Cursor, target: ForwardTarget, count: number) => ({
  read: readFrom(eventsUpTo(count)),
  cursor,
  target,
  log: quiet
})

t.test('a batch has so many events and bytes at most', async (t) => {
  const sizes = range(0, 1_300).map((n) => (n < 1_100 ? 10 : 300_000))
  const cursor = memoryCursor()
  const sent: number[][] = []
  const target: ForwardTarget = {
    name: 'measuring',
    encode: ({ index }) => Buffer.alloc(sizes[index]!, index % 256),
    send: async (encoded) => {
      sent.push(encoded.map(({ length }) => length))
    }
  }
  await forwardOnce(forwarding(cursor, target, 1_300), never)
  t.equal(sent.flat().length, 1_300)
  t.strictSame(sent.flat(), sizes)
  for (const lengths of sent)
    t.ok(lengths.length <= mostEvents && lengths.reduce((sum, length) => sum + length) <= mostBytes)
  t.equal(cursor.next, 1_300)
})

t.test('where the first events were pruned it begins at what is left', async (t) => {
  const { target, batches } = recorder()
  const cursor = memoryCursor()
  const read = readFrom(eventsUpTo(9).slice(4))
  await forwardOnce({ read, cursor, target, log: quiet }, never)
  t.strictSame([batches, cursor.next], [[[4, 5, 6, 7, 8]], 9])
})

t.test('with nothing to send nothing is written', async (t) => {
  await reset()
  const { target, batches } = recorder()
  await forwardOnce(forwarding(cursors[0], target, 0), never)
  t.strictSame([batches, (await pools[0].query('SELECT * FROM audit_cursor')).rows], [[], []])
})

t.test('two replicas never send at one moment, and everything once and in order', async (t) => {
  await reset()
  const events = eventsUpTo(3_000)
  let sending = 0
  let most = 0
  const senders = new Set<number>()
  const all: number[] = []
  const loops = cursors.map((cursor, replica) => {
    const { target } = recorder(async (batch) => {
      most = Math.max(most, ++sending)
      await sleep(5)
      sending--
      senders.add(replica)
      all.push(...batch)
    })
    // What comes, comes bit by bit: so the lease changes hands.
    const began = performance.now()
    const read = (from: number, limit: number) =>
      readFrom(events.slice(0, (performance.now() - began) * 3))(from, limit)
    return startForwarding({ ...forwarding(cursor, target, 0), read }, { everyMs: 3 + replica })
  })
  for (const ends = Date.now() + 8_000; all.length < 3_000 && Date.now() < ends; ) await sleep(20)
  await Promise.all(loops.map((loop) => loop.stop()))
  t.strictSame(all, range(0, 3_000))
  t.equal(most, 1)
  t.equal(senders.size, 2, 'both had their turn')
  t.match(await readCursor(pools[0]), { next: 3_000, failedSince: null, lastError: null })
})

t.test('while a lease holds a batch is not sent by another; once it is over, it is', async (t) => {
  await reset()
  const hung = Promise.withResolvers<void>()
  const first = recorder(() => hung.promise)
  const second = recorder()
  const stuck = forwardOnce(forwarding(cursors[0], first.target, 3), never)
  while ((await cursors[1].peek()) !== undefined) await sleep(5)
  await forwardOnce(forwarding(cursors[1], second.target, 3), never)
  await pass(pools[0], 29)
  await forwardOnce(forwarding(cursors[1], second.target, 3), never)
  t.strictSame(second.batches, [])
  await pass(pools[0], 1.5)
  await forwardOnce(forwarding(cursors[1], second.target, 5), never)
  t.strictSame(second.batches, [[0, 1, 2, 3, 4]])
  hung.resolve()
  await stuck
  t.equal((await readCursor(pools[0])).next, 5, 'whoever lost the lease moves nothing back')
})

t.test('a process that stood still for longer than its lease begins no batch', async (t) => {
  const { target, batches } = recorder()
  const cursor = memoryCursor()
  const now = performance.now.bind(performance)
  let late = 0
  t.intercept(performance, 'now', { value: () => now() + late })
  const read = readFrom(eventsUpTo(3))
  await forwardOnce(
    {
      read: async (from, limit) => {
        if (limit > 1) late += 20_000
        return read(from, limit)
      },
      ...{ cursor, target, log: quiet }
    },
    never
  )
  t.strictSame([batches, cursor.next], [[], 0])
})

const restSeconds = async (pool: Pool): Promise<number> => {
  const { rows } = await pool.query(
    'SELECT extract(epoch FROM lease_until - locksmith_now())::float8 AS rest FROM audit_cursor'
  )
  return rows[0].rest
}

t.test('after a failure nobody sends for a while, which grows to a minute', async (t) => {
  await reset()
  let calls = 0
  const { target } = recorder(() => {
    calls++
    throw new DeliveryError('it answers 500')
  })
  for (const [laterBy, least, most] of [
    [0, 0.75, 1],
    [10, 7.5, 10],
    [40, 37.5, 50],
    [3_600, 45, 60]
  ] as const) {
    await pass(pools[0], laterBy)
    await forwardOnce(forwarding(cursors[0], target, 3), never)
    const rest = await restSeconds(pools[0])
    t.ok(rest >= least && rest <= most, `${rest} s, ${laterBy} s later`)
    const before = calls
    for (const cursor of cursors) await forwardOnce(forwarding(cursor, target, 3), never)
    t.equal(calls, before, 'no replica tries before')
  }
  const state = await readCursor(pools[0])
  t.match(state, { next: 0, lastError: 'it answers 500' })
  t.same(state.failedSince, new Date('2026-11-29T15:59:10Z'), 'since it began to fail')

  await pass(pools[0], 60)
  const { target: well, batches } = recorder()
  await forwardOnce(forwarding(cursors[1], well, 3), never)
  t.strictSame(batches, [[0, 1, 2]])
  t.match(await readCursor(pools[0]), { next: 3, failedSince: null, lastError: null })
})

t.test('it rests for longer where the receiver asks for it', async (t) => {
  await reset()
  const { target } = recorder(() => {
    throw new DeliveryError('it answers 429', { retryAfterSeconds: 120 })
  })
  await forwardOnce(forwarding(cursors[0], target, 3), never)
  t.equal(await restSeconds(pools[0]), 120)
})

t.test('it is said when it begins to fail and when it goes on, without what a server said', async (t) => {
  const lines: unknown[] = []
  const log = {
    info: (...line: unknown[]) => lines.push(line),
    warn: (...line: unknown[]) => lines.push(line)
  }
  const observed: unknown[] = []
  const observe = (...seen: unknown[]) => observed.push(seen)
  const cursor = memoryCursor()
  let isWell = false
  const { target } = recorder(() => {
    if (!isWell) throw new Error('password hunter2 is wrong')
  })
  await forwardOnce({ ...forwarding(cursor, target, 3), log, observe }, never)
  isWell = true
  await forwardOnce({ ...forwarding(cursor, target, 3), log, observe }, never)
  t.match(lines, [
    [{ target: 'recorder', detail: 'it broke off' }, /cannot be forwarded/],
    [{ target: 'recorder' }, /forwarded again/]
  ])
  t.notMatch(JSON.stringify(lines), /hunter2/)
  t.strictSame(observed, [
    ['failed', 3],
    ['received', 3]
  ])
})

t.test('a shutdown breaks off what is being sent, and the next one sends it at once', async (t) => {
  await reset()
  const hanging = recorder(
    (_, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('broken off'))))
  )
  const loop = startForwarding(forwarding(cursors[0], hanging.target, 3), { everyMs: 5 })
  while ((await cursors[1].peek()) !== undefined) await sleep(5)
  await loop.stop()
  const { target, batches } = recorder()
  await forwardOnce(forwarding(cursors[1], target, 3), never)
  t.strictSame(batches, [[0, 1, 2]])
})

t.test('a database that fails ends nothing, and nothing is lost', async (t) => {
  const { target, batches } = recorder()
  const memory = memoryCursor()
  let calls = 0
  const cursor: Cursor = {
    ...memory,
    async peek() {
      if (++calls < 3) throw new Error('ECONNRESET')
      return memory.next
    },
    async move(lease, next, ms) {
      if (calls < 4) throw new Error('terminating connection')
      return memory.move(lease, next, ms)
    }
  }
  const loop = startForwarding(forwarding(cursor, target, 3), { everyMs: 1 })
  while (memory.next < 3) await sleep(1)
  await loop.stop()
  t.strictSame(batches, [
    [0, 1, 2],
    [0, 1, 2]
  ])
})

t.test('a cursor that is set back while somebody sends stays where it was set', async (t) => {
  await reset()
  const { target } = recorder(() =>
    pools[1].query('UPDATE audit_cursor SET next_index = 1, lease = NULL').then(() => {})
  )
  await forwardOnce(forwarding(cursors[0], target, 3), never)
  t.equal((await readCursor(pools[0])).next, 1)
})

t.test('of many that ask at one moment one gets the lease', async (t) => {
  await reset()
  for (let n = 0; n < 5; n++) {
    const leases = await Promise.all(range(0, 12).map((at) => takeLease(pools[at % 2]!, 30_000)))
    const [lease, ...none] = leases.filter((each) => each !== undefined)
    t.ok(lease && none.length === 0)
    await cursorOf(pools[0]).release(lease!)
  }
})

t.test('an event of an action that this version does not know holds nothing up', async (t) => {
  const { encode } = createTarget({ kind: 'collector', url: new URL('https://siem.example.org') })
  const line = encode(eventOf({ action: 'step.of-the-future' as 'step.done' }))
  t.match(JSON.parse(line.toString()), { event: { action: 'step.of-the-future', kind: 'event' } })
})
