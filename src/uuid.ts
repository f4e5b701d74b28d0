import { randomBytes } from 'node:crypto'

/** As ids of ours are written. */
export const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let last = 0n

/** RFC 9562 version 7: sorts by time, also within one process and millisecond, so that pages have an order. */
export function uuidv7(): string {
  // 48 bits of milliseconds, then 12 bits that count within one of them.
  const now = BigInt(Date.now()) << 12n
  last = now > last ? now : last + 1n
  const time = last.toString(16).padStart(15, '0')
  const random = randomBytes(8)
  random[0] = (random[0]! & 0x3f) | 0x80
  const tail = random.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${time.slice(12, 15)}-${tail.slice(0, 4)}-${tail.slice(4)}`
}
