import { LoginFailed } from '../model/authenticate.ts'
import { MaxDelayReached } from '../model/throttler.ts'
import type { Forbidden } from './guard.ts'
import { type Envelope, type OcsFormat, ocsReply, SERVER_ERROR, UNAUTHORISED } from './ocs.ts'
import { guestPage } from './page.ts'
import { json, type Reply, redirect } from './reply.ts'
import type { Call, Route } from './route.ts'
import { withQuery } from './urls.ts'

const wantsHtml = (call: Call): boolean => /html/i.test(call.exchange.headers.accept ?? '')

/** The format of a routed OCS answer: `?format=`, else the Accept header, else XML. */
export function ocsFormat(call: Call): OcsFormat {
  const asked = call.parameters.format ?? accepted(call)
  return asked === 'json' ? 'json' : 'xml'
}

function accepted(call: Call): string | undefined {
  const kinds = (call.exchange.headers.accept ?? '').split(',').map((kind) => kind.trim().toLowerCase())
  return kinds.find((kind) => kind.startsWith('application/'))?.slice('application/'.length)
}

/** An OCS error from before routing. On 31 only `?format=` counts for it, and XML is `text/xml`. */
export function earlyOcsError(call: Call, version: 1 | 2, envelope: Envelope, status?: number): Reply {
  const { quirks } = call.nextcloud
  const asked = quirks.earlyErrorsIgnoreAccept
    ? call.parameters.format
    : (call.parameters.format ?? accepted(call))
  const format = asked === 'json' ? 'json' : 'xml'
  const reply = ocsReply(envelope, format, version)
  if (format === 'xml') reply.headers['content-type'] = 'text/xml; charset=UTF-8'
  if (envelope.code === UNAUTHORISED)
    reply.headers['www-authenticate'] = 'Basic realm="Authorisation Required"'
  return status === undefined ? reply : { ...reply, status }
}

/** Somebody could not be logged in; undefined when the error is another one. */
export function loginReply(
  error: unknown,
  call: Call,
  kind: Route['kind'],
  version: 1 | 2
): Reply | undefined {
  if (error instanceof LoginFailed) {
    if (kind === 'ocs')
      return earlyOcsError(call, version, { code: UNAUTHORISED, message: 'Unauthorised', data: [] })
    return wantsHtml(call)
      ? guestPage(call, { title: 'Nextcloud', heading: 'Error' }, 401)
      : json({ message: '' }, 401)
  }
  if (error instanceof MaxDelayReached) {
    call.refused = 'max-delay'
    if (kind === 'ocs') return earlyOcsError(call, version, { code: 429, message: error.message, data: [] })
    return wantsHtml(call)
      ? guestPage(call, { title: 'Nextcloud', heading: 'Too many requests' }, 429)
      : json({ message: error.message }, 429)
  }
  return undefined
}

/** What the security checks answer. */
export function forbiddenReply(error: Forbidden, call: Call, route: Route): Reply | Envelope {
  if (error.kind === 'second-factor') {
    const from = String(call.parameters.redirect_url ?? call.exchange.target)
    return redirect(withQuery('/login/selectchallenge', { redirect_url: from }))
  }
  if (error.kind === 'cookies') return redirect('/')
  if (wantsHtml(call)) {
    if (error.kind === 'not-logged-in')
      return redirect(withQuery('/login', { redirect_url: call.exchange.target }))
    return guestPage(call, { title: 'Nextcloud', heading: 'Access forbidden' }, error.status)
  }
  if (route.kind === 'ocs' && (error.status === 401 || error.status === 403)) {
    return { code: error.status === 401 ? UNAUTHORISED : 403, message: error.message, data: [] }
  }
  const reply = json({ message: error.message }, error.status)
  if (error.kind === 'not-confirmed') reply.headers['x-nc-auth-notconfirmed'] = 'true'
  return reply
}

/** PHP did not get the parameters it wants. */
export function badParameterReply(call: Call, kind: Route['kind'], version: 1 | 2): Reply {
  if (call.nextcloud.quirks.badParameterIs400) {
    return { status: 400, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: '' }
  }
  return outOfRangeReply(call, kind, version)
}

/** A number is not within its range, or something else that Nextcloud itself trips over. */
export function outOfRangeReply(call: Call, kind: Route['kind'], version: 1 | 2): Reply {
  if (kind === 'ocs')
    return earlyOcsError(call, version, { code: SERVER_ERROR, message: 'Internal Server Error\n', data: [] })
  return guestPage(call, { title: 'Nextcloud', heading: 'Internal Server Error' }, 500)
}
