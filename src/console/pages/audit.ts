/** The audit: looked for, page by page, and each event by itself with its proof. */
import type { AuditView } from '../../audit/audit.schema.ts'
import type { AuditRow } from '../../audit/audit.sql.ts'
import { auditActions, outcomes } from '../../audit/event.ts'
import { sentenceOf } from '../../audit/history.ts'
import type { ProofView } from '../../audit/proof.schema.ts'
import type { Html } from '../../html.ts'
import { choice, textField } from '../forms.ts'
import { actor, at, facts, html, none, pages, person, pill, query, theirs } from '../html.ts'
import { notFound } from '../not-found.ts'
import { problemNote } from '../problem-card.ts'
import type { Page, Visit } from '../visit.ts'

const outcomePill = (outcome: AuditView['outcome']) =>
  outcome !== null &&
  { success: pill('good', 'Success'), failure: pill('bad', 'Failure'), unknown: pill('warn', 'Not known') }[
    outcome
  ]

const said = (event: AuditView) => theirs(sentenceOf(event as unknown as AuditRow))

export const auditRows = (items: AuditView[]): Html =>
  html`<ul class="rows">${items.map((event) => html`<li><span class="when">${at(event.at)}</span><div class="what">${said(event)}${event.userId !== null && html` ${person(event.userId)}`}</div>${outcomePill(event.outcome)}<a class="small" href="/console/audit/${event.seq}" aria-label="#${event.seq}, the event">#${event.seq}</a></li>`)}</ul>`

/** A day stands for its whole: from its first moment, or to the first of the next. */
const dayOf = (text: string | undefined, days = 0) => {
  if (!text) return undefined
  const day = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(day.getTime())) return text
  day.setUTCDate(day.getUTCDate() + days)
  return day.toISOString()
}

export async function audit(visit: Visit) {
  const {
    userId,
    actor: by,
    action,
    outcome,
    operationId,
    campaignId,
    reason,
    from,
    to,
    cursor
  } = visit.asked
  const filter = { userId, actor: by, action, outcome, operationId, campaignId, reason }
  const shown = { ...filter, from, to }
  const { found, problem } = await visit.attempt<Page<AuditView>>(
    query('/audit', { ...filter, from: dayOf(from), to: dayOf(to, 1), cursor, limit: 50 })
  )
  const isFiltered = Object.values(shown).some((value) => value)
  return visit.page({
    title: 'Audit',
    content: html`<form class="card" method="get" action="/console/audit"><div class="filter">
${textField('userId', 'User id', { value: userId, max: 64 })}
${textField('actor', 'Who did it', { value: by })}
${choice('action', 'What happened', [['', 'Anything'], ...auditActions.map((each): [string, string] => [each, each])], { value: action })}
${choice('outcome', 'How it went', [['', 'In any way'], ...outcomes.map((each): [string, string] => [each, each]), ['none', 'says nothing of that']], { value: outcome })}
${textField('reason', 'Part of the reason', { value: reason, max: 200 })}
${textField('operationId', 'Operation', { value: operationId, max: 36 })}
${textField('campaignId', 'Campaign', { value: campaignId, max: 36 })}
${textField('from', 'From this day', { value: from, type: 'date' })}
${textField('to', 'To this day', { value: to, type: 'date' })}
<div class="field"><button class="main">Search</button></div></div>${isFiltered && html`<p class="small"><a href="/console/audit">All events</a></p>`}</form>
${problemNote(problem)}
${found && html`<section class="card" aria-label="Events, newest first">${found.items.length === 0 ? none('No event fits.') : auditRows(found.items)}</section>${pages(cursor === undefined ? undefined : query('/console/audit', shown), found.next && query('/console/audit', { ...shown, cursor: found.next }))}`}`
  })
}

export async function oneEvent(visit: Visit, given: string) {
  const seq = Number(given)
  if (!/^\d{1,15}$/.test(given)) throw notFound()
  // A page begins below its cursor.
  const { items } = await visit.read<Page<AuditView>>(query('/audit', { cursor: seq + 1, limit: 1 }))
  const [event] = items
  if (event?.seq !== seq) throw notFound()
  const { found: proof, problem } = await visit.attempt<ProofView>(`/audit/${seq}/proof`)
  return visit.page({
    title: `Event ${seq}`,
    within: ['/console/audit', 'Audit'],
    content: html`<section class="card" aria-label="The event"><p>${said(event)} ${outcomePill(event.outcome)}</p>${facts(
      [
        ['When', at(event.at)],
        ['What', html`<code>${event.action}</code>`],
        [
          'Who did it',
          html`${actor(event.actor)} <a class="small" href="${query('/console/audit', { actor: event.actor })}">all of theirs</a>`
        ],
        ['About', event.userId && person(event.userId)],
        [
          'Operation',
          event.operationId &&
            html`<a href="/console/operations/${event.operationId}">${event.operationId}</a>`
        ],
        [
          'Campaign',
          event.campaignId && html`<a href="/console/campaigns/${event.campaignId}">${event.campaignId}</a>`
        ],
        ['Request', event.requestId && html`<code>${event.requestId}</code>`],
        ['From', event.sourceAddress && theirs(event.sourceAddress)]
      ]
    )}<details id="details"><summary>Details</summary><pre>${JSON.stringify(event.details, null, 2)}</pre></details></section>
<section class="card" aria-labelledby="proof"><h2 id="proof">Proof</h2>${problemNote(problem, 'warn')}${
      proof &&
      html`<p>The event is leaf ${proof.index} of a tree of ${proof.size}. <code>locksmith host audit verify</code>, or <code>verify-audit</code> with nothing of Locksmith, checks that nothing in it was changed.</p>${facts(
        [
          ['Hash of the leaf', html`<code>${proof.hash}</code>`],
          ['Signed checkpoint', html`<pre>${proof.checkpoint}</pre>`]
        ]
      )}<p><a href="/console/audit/${seq}/proof">Save the proof</a></p>`
    }</section>`
  })
}

/** As the API gives it, to be checked elsewhere. */
export async function proofFile(visit: Visit, given: string) {
  const proof = await visit.read<object>(`/audit/${encodeURIComponent(given)}/proof`)
  return visit.reply
    .header('cache-control', 'no-store')
    .header(
      'content-disposition',
      `attachment; filename="audit-event-${encodeURIComponent(given)}-proof.json"`
    )
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(proof, null, 2))
}
