/** What waits for a second person: the exact list, and the decision. */

import { approvalStates } from '../../guard/approval.ts'
import type { Html, Part } from '../../html.ts'
import type { ApprovalDetail, ApprovalView } from '../../operations/approval.schema.ts'
import { choice, hidden, reasonField } from '../forms.ts'
import { formToken } from '../frame.ts'
import {
  actor,
  at,
  consolePath,
  count,
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
import { problemNote } from '../problem-card.ts'
import type { Page, Visit } from '../visit.ts'
import { approvalWords, brakeWords, kindWords, stateWords } from '../words.ts'

const usersOf = (n: number) => `${count(n)} ${n === 1 ? 'user' : 'users'}`

const titleOf = ({ action }: ApprovalView | ApprovalDetail) => kindWords[action.kind]

export const approvalRows = (items: ApprovalView[]): Html =>
  html`<ul class="rows">${items.map((each) => html`<li><div class="what"><a href="/console/approvals/${each.id}">${titleOf(each)}: ${usersOf(each.targets)}</a></div>${pill(approvalWords[each.state].tone, approvalWords[each.state].word)}<span class="when">${at(each.decidedAt ?? each.createdAt)}</span><p class="more">asked for by ${actor(each.requestedBy)}${each.state === 'pending' && html` · nothing is done unless it is approved by ${at(each.expiresAt)}`}</p></li>`)}</ul>`

export async function approvals(visit: Visit) {
  const { state, cursor } = visit.asked
  const { items, next } = await visit.read<Page<ApprovalView>>(
    query('/approvals', { state, cursor, limit: 50 })
  )
  return visit.page({
    title: 'Approvals',
    content: html`<form class="card" method="get" action="/console/approvals"><div class="filter">${choice('state', 'State', [['', 'Any'], ...approvalStates.map((each): [string, string] => [each, approvalWords[each].word])], { value: state })}<div class="field"><button>Filter</button></div></div></form>
<section class="card" aria-label="Approvals, newest first">${items.length === 0 ? none('None.') : approvalRows(items)}</section>${pages(cursor === undefined ? undefined : query('/console/approvals', { state }), next && query('/console/approvals', { state, cursor: next }))}`
  })
}

const optionWords = (options: object | undefined): Part =>
  options &&
  Object.keys(options).length > 0 &&
  Object.entries(options).map(
    ([name, value], n) =>
      html`${n > 0 && ', '}${name}: ${theirs(typeof value === 'string' ? value : JSON.stringify(value))}`
  )

function listOf(approval: ApprovalDetail): Html {
  const { action, targets } = approval
  return html`${facts([
    ['What is to be done', titleOf(approval)],
    ['With', optionWords(action.options)],
    [
      'Mail to each',
      action.mail &&
        { nextcloud: 'the reset mail of Nextcloud', smtp: 'a mail of Locksmith', none: 'none' }[action.mail]
    ],
    [
      'Events',
      action.pruning && html`${count(action.pruning.events)}, from before ${at(action.pruning.before)}`
    ],
    ['Why a second person', approval.brakes.map((brake, n) => [n > 0 && ', ', brakeWords[brake] ?? brake])],
    ['Asked for by', actor(approval.requestedBy)],
    ['Who answers for it', actor(approval.owner)],
    ['Asked for', at(approval.createdAt)],
    ['Waits until', at(approval.expiresAt)],
    [
      'Decided',
      approval.decidedAt &&
        html`${at(approval.decidedAt)} by ${approval.decidedBy !== null && actor(approval.decidedBy)}`
    ],
    ['Reason', approval.reason && theirs(approval.reason)],
    ['Hash of this very list', html`<code>${approval.hash}</code>`]
  ])}
${targets.length > 0 && html`<h2>${usersOf(targets.length)} on the list</h2><ol class="names">${targets.map(({ userId, operation, state, reason }) => html`<li>${person(userId)} <a class="small" href="${consolePath(operation)}" aria-label="${stateWords[state].word.toLowerCase()}: ${userId}">${stateWords[state].word.toLowerCase()}</a>${reason && html`<br><span class="soft small">${theirs(reason)}</span>`}</li>`)}</ol>`}`
}

export async function oneApproval(visit: Visit, id: string) {
  const approval = await visit.read<ApprovalDetail>(`/approvals/${encodeURIComponent(id)}`)
  const { state, gathering } = approval
  const isOpen = state === 'pending' && !gathering
  const { tone, word } = approvalWords[state]
  return visit.page({
    title: `${titleOf(approval)}: ${usersOf(approval.targets.length)}`,
    within: ['/console/approvals', 'Approvals'],
    content: html`<p>${pill(tone, word)}${gathering && ' The list is still being written: it can be decided once it is whole.'}</p>
${isOpen && html`<div class="buttons">${visit.may('POST /approvals/:approvalId/approve') && html`<a class="button main" href="/console/approvals/${approval.id}/approve">Approve…</a>`}${visit.may('POST /approvals/:approvalId/reject') && html`<a class="button" href="/console/approvals/${approval.id}/reject">Reject…</a>`}</div>`}
<section class="card" aria-label="The list">${listOf(approval)}</section>`
  })
}

const verdicts = {
  approve: {
    button: 'Approve',
    means:
      'Everyone on this list goes on, a few at a time. It binds to exactly this list: where somebody was added since, it is refused.'
  },
  reject: { button: 'Reject', means: 'Nothing is done to anybody on this list.' }
} as const

/** The decision, with what would come of it, asked of the API just now. */
export async function decidePage(visit: Visit, id: string, name: string) {
  if (!Object.hasOwn(verdicts, name)) throw notFound()
  const { button, means } = verdicts[name as keyof typeof verdicts]
  const path = `/approvals/${encodeURIComponent(id)}`
  const { step, hash, reason } = visit.form
  if (step === 'do') {
    const body = { ...(name === 'approve' && { hash }), ...(reason && { reason }) }
    await visit.ask('POST', `${path}/${name}`, body)
    return visit.goTo(`/console/approvals/${encodeURIComponent(id)}`)
  }
  const approval = await visit.read<ApprovalDetail>(path)
  const would = await tried(
    visit,
    `${path}/${name}?dryRun=true`,
    name === 'approve' ? { hash: approval.hash } : {}
  )
  return visit.page({
    title: `${button}: ${titleOf(approval)} for ${usersOf(approval.targets.length)}`,
    within: [`/console/approvals/${id}`, 'The approval'],
    content: html`<p>${means}</p>${would}
<section class="card" aria-label="The list">${listOf(approval)}</section>
${would === null && html`<form class="card" method="post" action="/console/approvals/${approval.id}/${name}">${formToken(visit.session)}${hidden({ step: 'do', hash: approval.hash })}${reasonField()}<div class="buttons"><button class="${name === 'approve' ? 'danger' : 'main'}">${button} these ${usersOf(approval.targets.length)}</button><a class="button" href="/console/approvals/${approval.id}">Do nothing</a></div></form>`}`
  })
}

/** null: it would be taken. */
async function tried(visit: Visit, path: string, body: object): Promise<Html | null> {
  try {
    await visit.ask('POST', path, { ...body })
    return null
  } catch (error) {
    if (error instanceof Error && 'problem' in error) return problemNote(error.problem as object)
    throw error
  }
}
