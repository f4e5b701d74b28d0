import { createHash } from 'node:crypto'
import { DomainError } from '../errors.ts'

const visible = /^[\x21-\x7e]{1,255}$/
/** A string of RFC 9651, section 3.3.3: within quotes `"` and `\` stand behind a `\`. */
const quoted = /^"((?:[^"\\]|\\["\\])*)"$/

/**
 * The key that the header names: as a structured-field string (`"8e03…"`, draft-07 section 2.1), or bare, as
 * most clients send it. Both forms of the same characters are the same key.
 * @throws DomainError idempotency-key-invalid
 */
export function readIdempotencyKey(header: string): string {
  const key = header.startsWith('"') ? quoted.exec(header)?.[1]?.replace(/\\(.)/g, '$1') : header
  if (key !== undefined && visible.test(key)) return key
  throw new DomainError(
    'idempotency-key-invalid',
    'Idempotency-Key must be one key of 1 to 255 visible ASCII characters without spaces, such as a UUID, bare or in double quotes. Nothing was done.'
  )
}

/**
 * SHA-256 of what was asked. The order of members means nothing, and no body is the same as `{}`.
 * @throws DomainError invalid-request
 */
export function fingerprintOf(method: string, url: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${method} ${url}\n${sorted(body ?? {})}`)
    .digest()
}

function sorted(body: unknown): string {
  try {
    return JSON.stringify(body, sortMembers)
  } catch (error) {
    // The stack is used up: it can be read, and not written.
    if (!(error instanceof RangeError)) throw error
    throw new DomainError('invalid-request', 'body is nested too deeply. Nothing was done.')
  }
}

const sortMembers = (_name: string, value: unknown) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
