import { phpJson } from './php-json.ts'
import type { Reply } from './reply.ts'
import { ocsXml } from './xml.ts'

/** A failure in OCS's own terms: `code` goes into the envelope and decides the HTTP status. */
export class OcsFailure extends Error {
  readonly code: number
  readonly data: unknown
  constructor(code: number, message = '', data: unknown = []) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** Something that Nextcloud itself trips over. */
export class Stumbled extends Error {}

export const NOT_FOUND = 998
export const UNAUTHORISED = 997
export const SERVER_ERROR = 996

export interface Envelope {
  code: number
  message: string
  data: unknown
}

export type OcsFormat = 'json' | 'xml'

export function ocsReply(envelope: Envelope, format: OcsFormat, version: 1 | 2): Reply {
  const ok = envelope.code >= 200 && envelope.code < 300
  const meta: Record<string, unknown> = {
    status: ok ? 'ok' : 'failure',
    statuscode: ok && version === 1 ? 100 : envelope.code,
    message: ok ? 'OK' : envelope.message
  }
  if (version === 1) Object.assign(meta, { totalitems: '', itemsperpage: '' })
  const ocs = { meta, data: envelope.data }
  return {
    status: version === 1 ? (envelope.code === UNAUTHORISED ? 401 : 200) : httpStatus(envelope.code),
    headers: { 'content-type': `application/${format}; charset=utf-8` },
    body: format === 'json' ? phpJson({ ocs }) : ocsXml({ ocs })
  }
}

function httpStatus(code: number): number {
  if (code === UNAUTHORISED) return 401
  if (code === NOT_FOUND) return 404
  if (code === SERVER_ERROR || code === 999) return 500
  return code < 200 || code > 600 ? 400 : code
}
