/** What is done, to whom, and how it goes. */

import type { Html, Part } from '../../html.ts'
import type { DryRunView } from '../../operations/dry-run.schema.ts'
import type { OperationView } from '../../operations/operation.schema.ts'
import { isFinal, kinds, states } from '../../operations/operation.ts'
import { scopesOf } from '../../operations/scopes.ts'
import { choice, hidden, textField } from '../forms.ts'
import { formToken } from '../frame.ts'
import {
  actor,
  at,
  atOr,
  consolePath,
  facts,
  html,
  none,
  pages,
  person,
  pill,
  query,
  theirs
} from '../html.ts'
import { notFound } from '../not-found.ts'
import { essenceOf, otherWay, planView } from '../plan-view.ts'
import { problemNote } from '../problem-card.ts'
import { prose } from '../prose.ts'
import { fingerprint, newKey, type Page, type Visit } from '../visit.ts'
import { kindWords, stateWords, stepStates, stepWords } from '../words.ts'

export const operationRows = (items: OperationView[], withPerson = true): Html =>
  html`<ul class="rows">${items.map((each) => html`<li><div class="what"><a href="/console/operations/${each.id}">${kindWords[each.kind]}</a>${withPerson && html` ${theirs(each.userId)}`}</div>${pill(stateWords[each.state].tone, stateWords[each.state].word)}<span class="when">${at(each.finishedAt ?? each.createdAt)}</span>${moreOf(each)}</li>`)}</ul>`

const moreOf = ({ problem, resumeAt, state }: OperationView) => {
  const title = (problem as { title?: string } | null)?.title
  const later = resumeAt && (state === 'waiting' || state === 'scheduled')
  return (
    (title || later) &&
    html`<p class="more">${title}${title && later && ' · '}${later && html`goes on ${at(resumeAt)}`}</p>`
  )
}

export async function operations(visit: Visit) {
  const { state, kind, userId, cursor } = visit.asked
  const filter = { state, kind, userId }
  const { found, problem } = await visit.attempt<Page<OperationView>>(
    query('/operations', { ...filter, cursor, limit: 50 })
  )
  return visit.page({
    title: 'Operations',
    content: html`<form class="card" method="get" action="/console/operations"><div class="filter">
${choice('state', 'State', [['', 'Any'], ...states.map((each): [string, string] => [each, stateWords[each].word])], { value: state })}
${choice('kind', 'What', [['', 'Anything'], ...kinds.map((each): [string, string] => [each, kindWords[each]])], { value: kind })}
${textField('userId', 'User id', { value: userId, max: 64 })}
<div class="field"><button>Filter</button></div></div></form>
${problemNote(problem)}
${found && html`<section class="card" aria-label="Operations, newest first">${found.items.length === 0 ? none('None.') : operationRows(found.items)}</section>${pages(cursor === undefined ? undefined : query('/console/operations', filter), found.next && query('/console/operations', { ...filter, cursor: found.next }))}`}`
  })
}

const retryable = (operation: OperationView) => operation.state === 'needs-attention'
const cancellable = ({ state }: OperationView) => !isFinal(state) || state === 'needs-attention'

const acts = {
  retry: {
    button: 'Let it go on',
    means: 'The user is checked again, and it goes on where it stopped.',
    route: 'POST /operations/:operationId/retry',
    fits: retryable
  },
  cancel: {
    button: 'Cancel it',
    means:
      'One that has changed nothing is cancelled. One that has begun to ends as “needs attention”, since its user may be locked out without a mail; a second cancel closes it.',
    route: 'POST /operations/:operationId/cancel',
    fits: cancellable
  }
} as const

const mayAct = (visit: Visit, { kind, options }: OperationView, route: string) =>
  visit.may(route, scopesOf(kind, options as never))

export async function oneOperation(visit: Visit, id: string) {
  const operation = await visit.read<OperationView>(`/operations/${encodeURIComponent(id)}`)
  const isOver = isFinal(operation.state)
  return visit.page({
    title: `${kindWords[operation.kind]}: ${operation.userId}`,
    heading: html`${kindWords[operation.kind]}: ${theirs(operation.userId)}`,
    within: ['/console/operations', 'Operations'],
    content: null,
    live: {
      path: `/console/operations/${operation.id}/live`,
      everySeconds: 2,
      part: progress(visit, operation),
      isOver
    }
  })
}

export async function operationPart(visit: Visit, id: string) {
  const operation = await visit.read<OperationView>(`/operations/${encodeURIComponent(id)}`)
  return visit.part(progress(visit, operation), isFinal(operation.state))
}

function progress(visit: Visit, operation: OperationView): Html {
  const { word, tone, means } = stateWords[operation.state]
  const offered = Object.entries(acts).filter(
    ([, act]) => act.fits(operation) && mayAct(visit, operation, act.route)
  )
  return html`<div class="note ${tone === 'busy' || tone === 'none' ? '' : tone}" data-said="${word}. ${means}"><p>${pill(tone, word)} ${means}</p>${operation.resumeAt && (operation.state === 'waiting' || operation.state === 'scheduled') && html`<p>It goes on ${at(operation.resumeAt)}.</p>`}${operation.estimate && html`<p>By what Nextcloud allows in a time it will be over by ${at(operation.estimate.finishedAt)}.</p>`}${operation.approval && operation.state === 'awaiting-approval' && html`<p><a href="${consolePath(operation.approval)}">The approval that it waits for</a></p>`}</div>
${problemNote(operation.problem, operation.state === 'needs-attention' || operation.state === 'failed' ? 'bad' : 'warn')}
${offered.length > 0 && html`<div class="buttons">${offered.map(([name, { button }], n) => html`<a class="button ${n === 0 && name === 'retry' ? 'main' : ''}" href="/console/operations/${operation.id}/${name}">${button}</a>`)}</div>`}
<div class="grid wide">
<section class="card" aria-labelledby="steps"><h2 id="steps">Steps</h2><ol class="steps">${operation.steps.map(stepRow)}</ol></section>
<section class="card" aria-labelledby="known"><h2 id="known">What is known</h2>${facts([
    ['User', person(operation.userId)],
    ['Why', operation.reason && theirs(operation.reason)],
    ['Asked for by', actor(operation.requestedBy)],
    ['Asked for', at(operation.createdAt)],
    ['Over', atOr(operation.finishedAt, 'not yet')],
    ...outcomeFacts(operation)
  ])}${visit.may('GET /audit') && html`<p class="small"><a href="${query('/console/audit', { operationId: operation.id })}">Its events in the audit</a></p>`}</section>
</div>`
}

const stepRow = ({ name, state, finishedAt, attempts, problem, outcome }: OperationView['steps'][number]) => {
  const { tone, word } = stepStates[state]!
  const detail = (problem as { detail?: string } | null)?.detail
  return html`<li class="${tone}">${stepWords[name] ?? name} ${pill(tone, word)}<p class="soft small">${finishedAt && at(finishedAt)}${attempts > 1 && ` · ${attempts} attempts`}</p>${detail && html`<p class="small">${prose(detail)}</p>`}${state === 'skipped' && !detail && (outcome as { because?: string } | null)?.because && html`<p class="small">${theirs((outcome as { because: string }).because)}</p>`}</li>`
}

const unknown = html`<span class="soft">not known</span>`
const numberOr = (value: number | 'unknown' | undefined): Part =>
  value === undefined ? undefined : value === 'unknown' ? unknown : String(value)

/** Only what was read back, or said by somebody. */
function outcomeFacts({ outcome }: OperationView): [string, Part][] {
  const {
    user,
    driver,
    passwordReplaced,
    revoked,
    remaining,
    mail,
    enabled,
    residualAccess,
    deletion,
    groupsRemoved,
    groupsRestored,
    shares,
    passkeys,
    wipePending,
    secondFactorsRemoved,
    deleted,
    notice,
    earlierResetLink
  } = outcome
  return [
    [
      'Before',
      user &&
        `${user.enabled === false ? 'disabled' : 'enabled'}${user.lastLogin ? `, last login ${user.lastLogin.slice(0, 10)}` : ', never logged in'}`
    ],
    ['Access ended by', driver?.name],
    [
      'Password replaced',
      passwordReplaced === undefined
        ? undefined
        : passwordReplaced === 'unknown'
          ? unknown
          : passwordReplaced
            ? 'yes, nobody knows it'
            : 'no'
    ],
    [
      'Ended',
      revoked === undefined
        ? undefined
        : revoked === 'unknown'
          ? unknown
          : `${revoked.sessions} sessions, ${revoked.appPasswords} app passwords`
    ],
    ['Left of those', numberOr(remaining)],
    [
      'Second factors removed',
      secondFactorsRemoved && secondFactorsRemoved.length > 0 && theirs(secondFactorsRemoved.join(', '))
    ],
    ['Passkeys', passkeys && html`${passkeys.deleted} deleted, ${numberOr(passkeys.remaining)} left`],
    ['Shares', shares && html`${shares.deleted} deleted, ${numberOr(shares.publicLinks)} public links left`],
    ['Devices yet to erase', numberOr(wipePending)],
    ['Earlier reset link', earlierResetLink && (earlierResetLink === 'dead' ? 'dead' : unknown)],
    ['Enabled now', enabled === undefined ? undefined : enabled ? 'yes' : 'no'],
    ['Groups taken', groupsRemoved && groupsRemoved.length > 0 && theirs(groupsRemoved.join(', '))],
    ['Groups given back', groupsRestored && groupsRestored.length > 0 && theirs(groupsRestored.join(', '))],
    ['Mail', mail && html`${mail.delivery.replaceAll('-', ' ')}${mail.to && html`, to ${theirs(mail.to)}`}`],
    ['Manager', notice && html`${notice.delivery.replaceAll('-', ' ')}, to ${theirs(notice.to)}`],
    ['Deleted', deleted === undefined ? undefined : deleted ? 'yes' : 'it was gone before'],
    ['Deletion', deletion && html`<a href="${consolePath(deletion.operation)}">${at(deletion.at)}</a>`],
    [
      'Access that is left',
      residualAccess &&
        html`${numberOr(residualAccess.tokens)} sessions and app passwords, ${numberOr(residualAccess.passkeys)} passkeys, ${numberOr(residualAccess.publicLinks)} public links, ${numberOr(residualAccess.federatedShares)} shares with other servers`
    ]
  ]
}

/** Retry or cancel: what would come of it, and then it. */
export async function operationAct(visit: Visit, id: string, name: string) {
  if (!Object.hasOwn(acts, name)) throw notFound()
  const act = acts[name as keyof typeof acts]
  const path = `/operations/${encodeURIComponent(id)}/${name}`
  const plan = await visit.ask<DryRunView>('POST', `${path}?dryRun=true`, {})
  const seen = fingerprint(essenceOf(plan))
  const { step, seen: before, key } = visit.form
  if (step === 'do' && before === seen && key !== undefined) {
    await visit.ask('POST', path, {}, key)
    return visit.goTo(`/console/operations/${id}`)
  }
  return visit.page({
    title: `${act.button}: ${plan.userId}`,
    heading: html`${act.button}: ${theirs(plan.userId)}`,
    narrow: true,
    status: step === 'do' ? 409 : 200,
    within: [`/console/operations/${id}`, 'The operation'],
    content: html`${step === 'do' && otherWay}<p>${act.means}</p>${planView(plan)}
<div class="buttons"><form method="post" action="/console/operations/${id}/${name}">${formToken(visit.session)}${hidden({ step: 'do', seen, key: newKey() })}<button class="main">${act.button} now</button></form><a class="button" href="/console/operations/${id}">Do nothing</a></div>`
  })
}
