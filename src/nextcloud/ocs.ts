import type { Call } from './transport.ts'

/** The OCS envelope. Success is `statuscode` 200 in it, never the HTTP status (fact 6). */
export type Envelope = { statuscode: number; message: string; data: unknown }

/** Without `format=json` errors before routing come as XML. */
export function withJsonFormat(call: Call): Call {
  return { ...call, path: `/ocs/v2.php${call.path}${call.path.includes('?') ? '&' : '?'}format=json` }
}

/** @returns undefined for anything that is not an OCS envelope, an empty body included */
export function parseEnvelope(body: string): Envelope | undefined {
  if (/^\s*<\?xml/.test(body)) return parseXml(body)
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return undefined
  }
  const ocs = (
    parsed as { ocs?: { meta?: { statuscode?: unknown; message?: unknown }; data?: unknown } } | null
  )?.ocs
  const { statuscode, message } = ocs?.meta ?? {}
  if (typeof statuscode !== 'number') return undefined
  return { statuscode, message: typeof message === 'string' ? message : '', data: ocs?.data }
}

/** Errors before routing come as XML even to who asked for JSON; only failures do, so data is not read. */
function parseXml(body: string): Envelope | undefined {
  const statuscode = Number(body.match(/<statuscode>(\d+)<\/statuscode>/)?.[1])
  if (!statuscode || statuscode === 200) return undefined
  return { statuscode, message: body.match(/<message>([^<]*)<\/message>/)?.[1] ?? '', data: undefined }
}
