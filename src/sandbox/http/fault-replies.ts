import type { FaultKind } from './faults.ts'
import { ocsReply } from './ocs.ts'
import { empty, html, type Reply, redirect } from './reply.ts'

/** The answers of faults that answer; the effect of the call has not happened. */
const answers: Partial<Record<FaultKind, () => Reply>> = {
  'empty-200': () => empty(200),
  'ocs-failure': () => ocsReply({ code: 996, message: 'Internal Server Error\n', data: [] }, 'json', 2),
  '429-empty': () => empty(429),
  '429-delay': () => ocsReply({ code: 429, message: 'Reached maximum delay', data: [] }, 'json', 2),
  '503-maintenance': () => {
    const reply = ocsReply({ code: 503, message: 'Service unavailable', data: [] }, 'json', 2)
    reply.headers['x-nextcloud-maintenance-mode'] = '1'
    return reply
  },
  redirect: () => redirect('https://elsewhere.example/', 302)
}

export function faultReply(kind: FaultKind): Reply | undefined {
  return answers[kind]?.()
}

/** The page of something between us and Nextcloud, instead of its answer. */
export function notJson(): Reply {
  return html('<html><body><h1>502 Bad Gateway</h1></body></html>')
}
