import { MaxDelayReached } from '../model/throttler.ts'
import { readBasic } from './exchange.ts'
import type { FaultKind } from './faults.ts'
import { maintenance } from './gate.ts'
import { tooManyRequests } from './limits.ts'
import type { Instead } from './nextcloud.ts'
import { SERVER_ERROR } from './ocs.ts'
import { guestPage } from './page.ts'
import { earlyOcsError, loginReply } from './refusals.ts'
import { empty, html, type Reply, redirect } from './reply.ts'
import type { Call } from './route.ts'

/** The answers of faults that answer, each as this version words it; the effect of the call has not happened. */
const answers: Partial<Record<FaultKind, Instead>> = {
  'empty-200': () => empty(200),
  'ocs-failure': (call) =>
    earlyOcsError(call, ocsVersion(call), {
      code: SERVER_ERROR,
      message: 'Internal Server Error\n',
      data: []
    }),
  'html-500': internalServerError,
  '429-empty': () => empty(429),
  '429-delay': maxDelay,
  '503-maintenance': maintenance,
  redirect: () => redirect('https://elsewhere.example/', 302)
}

export function faultReply(kind: FaultKind): Instead | undefined {
  return answers[kind]
}

const ocsVersion = ({ exchange }: Call): 1 | 2 => (exchange.path.startsWith('/ocs/v1.php') ? 1 : 2)

/** Too many failed log-ins or reset mails. Pages that a log-in by Basic auth opens refuse that log-in instead. */
function maxDelay(call: Call): Reply {
  const kind = call.exchange.path.startsWith('/ocs/') ? 'ocs' : 'web'
  const logsIn = kind === 'ocs' || (call.session.userId === null && readBasic(call.exchange) !== null)
  const refused = logsIn && loginReply(new MaxDelayReached(), call, kind, ocsVersion(call))
  return refused || tooManyRequests()
}

/** What an error that nothing catches leaves, on OCS too. */
function internalServerError(call: Call): Reply {
  const said = `<p>The server was unable to complete your request.</p><p>If this happens again, please send the technical details below to the server administrator.</p><p>More details can be found in the server log.</p><h3>Technical details</h3><ul><li>Remote Address: ${call.exchange.address}</li><li>Request ID: ${call.requestId}</li></ul>`
  return guestPage(call, { title: 'Error', heading: 'Internal Server Error', body: said }, 500)
}

/** The page of something between us and Nextcloud, instead of its answer. */
export function notJson(): Reply {
  return html('<html><body><h1>502 Bad Gateway</h1></body></html>')
}
