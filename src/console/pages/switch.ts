/** What is about everybody at once: the kill switch, and taking back. */

import { hidden, reasonField, textField } from '../forms.ts'
import { formToken } from '../frame.ts'
import { actor, at, consolePath, html, none, person, theirs } from '../html.ts'
import { notFound } from '../not-found.ts'
import { problemNote } from '../problem-card.ts'
import type { Visit } from '../visit.ts'

const overviewLink: [string, string] = ['/console', 'Overview']

type Stop = { stopped: boolean; since: string | null; by: string | null; reason: string | null }

const switches = {
  stop: {
    button: 'Stop everything',
    means:
      'No process begins a step that changes anything: steps that are at work end, and operations wait, as long as it takes. Requests that change users are refused. Reading, and cancelling, goes on.'
  },
  resume: {
    button: 'Go on',
    means: 'What waits goes on within a second. Cancel before what had better not.'
  }
} as const

export async function switchPage(visit: Visit, name: string) {
  if (!Object.hasOwn(switches, name)) throw notFound()
  const { button, means } = switches[name as keyof typeof switches]
  const { step, reason } = visit.form
  if (step === 'do') {
    await visit.ask('POST', `/${name}`, name === 'stop' && reason ? { reason } : {})
    return visit.goTo('/console')
  }
  const { stopped, since, by, reason: why } = await visit.read<Stop>('/stop')
  return visit.page({
    title: button,
    narrow: true,
    within: overviewLink,
    content: html`<p>${means}</p><div class="note ${stopped ? 'bad' : ''}"><p>${stopped ? html`It is stopped since ${since && at(since)}, by ${actor(by ?? '')}${why !== null && html`: “${theirs(why)}”`}.` : 'It is not stopped.'}</p></div>
<form class="card" method="post" action="/console/${name}">${formToken(visit.session)}${hidden({ step: 'do' })}${name === 'stop' && reasonField()}<div class="buttons"><button class="${name === 'stop' ? 'danger' : 'main'}">${button} now</button><a class="button" href="/console">Do nothing</a></div></form>`
  })
}

type Undone = {
  items: { userId: string; operation: string | null; of: string }[]
  notUndone: { userId: string; of: string; problem: object }[]
  deletionsCancelled: { userId: string; operation: string }[]
  next: string | null
}

export async function undoPage(visit: Visit) {
  const { step, day, time, reason, cursor } = visit.form
  if (step === undefined || !day || !time) {
    return visit.page({
      title: 'Let in again who was disabled',
      narrow: true,
      within: overviewLink,
      content: html`<p>For a mistake with many: whoever Locksmith disabled since then, who was enabled before and is disabled still, gets in again. Nothing that was revoked comes back. Deletions that were scheduled since then are cancelled.</p>
<form class="card" method="post" action="/console/undo">${formToken(visit.session)}${hidden({ step: 'look' })}${textField('day', 'Since this day', { type: 'date', required: true })}${textField('time', 'and this time, in UTC', { type: 'time', required: true, value: '00:00' })}${reasonField()}<div class="buttons"><button class="main">Show who that would be</button><a class="button" href="/console">Back</a></div><p class="hint">This changes nothing yet.</p></form>`
    })
  }
  const since = `${day}T${time.length === 5 ? `${time}:00` : time}Z`
  const path = (isDry: boolean) =>
    `/operations/undo?${new URLSearchParams({ since, ...(cursor && { cursor }), ...(isDry && { dryRun: 'true' }) })}`
  const body = reason ? { reason } : {}
  const undone = await visit.ask<Undone>('POST', path(step !== 'do'), body)
  const isDone = step === 'do'
  const again = (values: Record<string, string | undefined>, button: string, tone: string) =>
    html`<form method="post" action="/console/undo">${formToken(visit.session)}${hidden({ day, time, reason, ...values })}<button class="${tone}">${button}</button></form>`
  return visit.page({
    title: isDone ? 'Begun' : 'Let in again who was disabled',
    narrow: true,
    within: overviewLink,
    content: html`<section class="card" aria-labelledby="who"><h2 id="who">${isDone ? 'Is let in again' : 'Would be let in again'}</h2>${undone.items.length === 0 ? none('Nobody.') : html`<ol class="names">${undone.items.map(({ userId, operation, of }) => html`<li>${person(userId)} <a class="small" href="${consolePath(operation ?? of)}" aria-label="${operation === null ? 'disabled by' : 'how it goes'}: ${userId}">${operation === null ? 'disabled by' : 'how it goes'}</a></li>`)}</ol>`}
${undone.deletionsCancelled.length > 0 && html`<h3>Deletions that ${isDone ? 'are' : 'would be'} cancelled</h3><ol class="names">${undone.deletionsCancelled.map(({ userId }) => html`<li>${person(userId)}</li>`)}</ol>`}
${undone.notUndone.length > 0 && html`<h3>Not possible</h3>${undone.notUndone.map(({ userId, problem }) => html`<p>${person(userId)}</p>${problemNote(problem, 'warn')}`)}`}</section>
<div class="buttons">${!isDone && undone.items.length + undone.deletionsCancelled.length > 0 && again({ step: 'do', cursor }, `Let ${undone.items.length} in again now`, 'danger')}${undone.next !== null && again({ step: 'look', cursor: undone.next }, 'Look at the rest', '')}<a class="button" href="/console">${isDone ? 'To the overview' : 'Do nothing'}</a></div>`
  })
}
