import type { Finding } from '../../doctor/check.ts'
import { at, html, pill, type Tone, theirs } from '../html.ts'
import type { Visit } from '../visit.ts'

type Report = {
  state: 'ok' | 'warning' | 'error'
  checkedAt: string
  locksmith: string
  nextcloud: string | null
  findings: Finding[]
}

const words: Record<Finding['state'], [Tone, string]> = {
  error: ['bad', 'Wrong'],
  warning: ['warn', 'Look at this'],
  unknown: ['warn', 'Not known'],
  ok: ['good', 'Right'],
  skipped: ['none', 'Not asked']
}
const order = Object.keys(words)

/** What is wrong comes first. */
export async function doctor(visit: Visit) {
  const report = await visit.read<Report>('/doctor')
  const findings = report.findings.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  const countOf = (state: string) => findings.filter((each) => each.state === state).length
  return visit.page({
    title: 'Doctor',
    content: html`<p>Checked ${at(report.checkedAt)}. Locksmith ${report.locksmith}, Nextcloud ${report.nextcloud ?? 'did not say its version'}. It looked, and changed nothing.</p>
<ul class="tiles">${order.map((state) => html`<li><b>${countOf(state)}</b><span>${words[state as Finding['state']][1]}</span></li>`)}</ul>
<section class="card" aria-label="Findings, what is wrong first"><ul class="rows">${findings.map((each) => html`<li><div class="what"><strong>${each.name.replaceAll('-', ' ')}</strong>${each.about !== undefined && html` ${theirs(each.about)}`}</div>${pill(...words[each.state])}<p class="more">${theirs(each.found)}</p>${each.means !== undefined && html`<p class="more">${theirs(each.means)}</p>`}${each.mend !== undefined && html`<div class="more"><strong>To mend it:</strong> <code>${each.mend}</code></div>`}</li>`)}</ul></section>`
  })
}
