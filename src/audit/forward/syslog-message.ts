import { hostname } from 'node:os'
import type { EcsEvent } from './ecs.ts'
import type { ForwardedEvent } from './forwarded.ts'
import { encodeWithin } from './within.ts'

/** "log audit" (RFC 5424, 6.2.1). */
const facility = 13
const notice = 5
const warning = 4

/**
 * The longest message without its frame, in bytes: what syslog-ng takes as it comes. A receiver has to take 2 KiB,
 * and should take 8 KiB (RFC 5425, 4.3.1): there, it has to be told to take more.
 */
export const mostMessageBytes = 65_536

/**
 * A message of RFC 5424 in the frame of RFC 6587, 3.4.1, and RFC 5425, 4.3: its length in bytes, a space, itself.
 *
 * `<109>1 2026-11-29T17:00:00.123456Z host locksmith 4711 step.done [locksmith@32473 seq="1" index="0" hash="…"] {…}`
 *
 * - PRI: facility 13, with severity 4 (warning) of what failed or may have, and 5 (notice) of everything else
 * - TIMESTAMP: when it happened; HOSTNAME and PROCID: of the process that forwards it
 * - STRUCTURED-DATA: 32473 is the enterprise number for documentation (RFC 5612): Locksmith has none of its own
 * - MSG: the event in fields of ECS as JSON in ASCII, all else in it as `\uXXXX`. It thus needs no byte order mark,
 *   with which a text in UTF-8 would have to begin (6.4), and which rsyslog takes for a part of the JSON
 */
export const frameSyslog = (event: ForwardedEvent): Buffer =>
  framed(encodeWithin(mostMessageBytes, event, (ecs) => messageOf(event, ecs)))

function messageOf({ action, at, seq, index, hash, outcome }: ForwardedEvent, ecs: EcsEvent): Buffer {
  const severity = outcome === 'failure' || outcome === 'unknown' ? warning : notice
  const header = [
    `<${facility * 8 + severity}>1`,
    at,
    printable(hostname(), 255),
    'locksmith',
    process.pid,
    printable(action, 32)
  ].join(' ')
  const data = element({ seq: String(seq), index: String(index), hash })
  return Buffer.from(`${header} ${data} ${asciiJson(ecs)}`, 'ascii')
}

function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `), message])
}

/** PRINTUSASCII of that length at most; `-`, which says that there is none, for an empty one. */
const printable = (text: string, most: number) => text.replace(/[^!-~]/g, '').slice(0, most) || '-'

const element = (params: Record<string, string>) =>
  `[locksmith@32473 ${Object.entries(params)
    .map(([name, value]) => `${name}="${escapeParam(value)}"`)
    .join(' ')}]`

/** PARAM-VALUE (6.3.3): these three, and no other, stand behind a backslash. */
const escapeParam = (value: string) => value.replace(/["\\\]]/g, '\\$&')

/** JSON.stringify leaves no control character below U+0020 as it is; here neither DEL nor anything above. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
