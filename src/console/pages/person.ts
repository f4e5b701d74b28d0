/** One person: what access there is now, what was done, and what can be done. */

import { mayEnter } from '../../access/scope.ts'
import type { HistoryView } from '../../audit/history.ts'
import type { Part } from '../../html.ts'
import type { DryRunView } from '../../operations/dry-run.schema.ts'
import type { OperationView } from '../../operations/operation.schema.ts'
import { type Deed, deedOf, deeds, fits, requestOf } from '../deeds.ts'
import { hidden, reasonField, textField } from '../forms.ts'
import { formToken } from '../frame.ts'
import {
  at,
  atOr,
  consolePath,
  facts,
  html,
  none,
  pages,
  person,
  personPath,
  pill,
  query,
  theirs
} from '../html.ts'
import { notFound } from '../not-found.ts'
import { essenceOf, otherWay, planView } from '../plan-view.ts'
import { problemNote } from '../problem-card.ts'
import { type Attempt, fingerprint, newKey, type Page, type Visit } from '../visit.ts'
import { kindWords, stateWords } from '../words.ts'
import { operationRows } from './operations.ts'

type User = {
  id: string
  displayName: string
  mailAddress: string | null
  enabled: boolean
  backend: string
  groups: string[]
  lastLogin: string | null
}
type Known = number | 'unknown'
type Access = {
  enabled: boolean
  canSetPassword: boolean
  twoFactor: { providers: string[]; enforced: boolean }
  lastLogin: string | null
  tokens: { sessions: Known; appPasswords: Known; wipePending: Known }
  resetLink: Known
  revocation: { driver: string | null; because: string }
  operations: {
    operation: string
    kind: keyof typeof kindWords
    state: keyof typeof stateWords
    resumeAt: string | null
  }[]
}
type Token = { id: number; name: string; kind: string; lastUsedAt: string | null }

const enabledPill = (isEnabled: boolean) => (isEnabled ? pill('good', 'Enabled') : pill('none', 'Disabled'))

export async function people(visit: Visit) {
  const { search, group, cursor } = visit.asked
  const isAsked = search !== undefined || group !== undefined
  const path = query('/users', { search, group, cursor, limit: 25 })
  const { found, problem } = isAsked
    ? await visit.attempt<Page<User>>(path)
    : ({ found: undefined } as Attempt<Page<User>>)
  const here = query('/console/people', { search, group })
  return visit.page({
    title: 'People',
    content: html`<form class="card" method="get" action="/console/people" role="search"><div class="filter">
${textField('search', 'Id, name or address', { value: search, max: 200 })}
${textField('group', 'Group', { value: group, max: 64 })}
<div class="field"><button class="main">Search</button></div></div></form>
${problemNote(problem)}
${
  found &&
  html`<section class="card" aria-labelledby="found"><h2 id="found">Found</h2>
${found.items.length === 0 ? none('Nobody was found.') : html`<ul class="rows">${found.items.map((user) => html`<li><div class="what">${person(user.id)} <span>${theirs(user.displayName)}</span></div>${enabledPill(user.enabled)}<p class="more">${user.mailAddress !== null && html`${theirs(user.mailAddress)} · `}last login ${atOr(user.lastLogin, 'never')}${user.groups.length > 0 && html` · ${user.groups.map((each, n) => [n > 0 && ', ', theirs(each)])}`}</p></li>`)}</ul>`}</section>
${pages(cursor === undefined ? undefined : here, found.next && query('/console/people', { search, group, cursor: found.next }))}`
}`
  })
}

const numberOf = (known: Known): Part =>
  known === 'unknown' ? html`<span class="soft">not known</span>` : known

export async function onePerson(visit: Visit, userId: string) {
  const path = `/users/${encodeURIComponent(userId)}`
  const { may } = visit
  const { cursor } = visit.asked
  const reads = may('GET /users/:userId/access')
  const [user, access, tokens, history, operations] = await Promise.all([
    reads ? visit.attempt<User>(path) : undefined,
    reads ? visit.attempt<Access>(`${path}/access`) : undefined,
    reads ? visit.attempt<{ items: Token[]; listedBy: string }>(`${path}/tokens`) : undefined,
    may('GET /users/:userId/history')
      ? visit.attempt<Page<HistoryView>>(query(`${path}/history`, { cursor, limit: 50 }))
      : undefined,
    may('GET /operations')
      ? visit.attempt<Page<OperationView>>(query('/operations', { userId, limit: 5 }))
      : undefined
  ])
  const isKnown = user?.found !== undefined
  // Who is gone from Nextcloud still has a history.
  const isGone = user?.problem?.code === 'unknown-user'
  const offered = deeds.filter((deed) => !isGone && fits(deed, user?.found?.enabled) && may(deed.route))
  const name = user?.found?.displayName
  return visit.page({
    title: `${userId}`,
    heading: html`${theirs(name ?? userId)}${isKnown && html` ${enabledPill(user.found.enabled)}`}`,
    within: ['/console/people', 'People'],
    content: html`${problemNote(user?.problem, isGone ? 'warn' : 'bad')}
${offered.length > 0 && html`<section class="card" aria-labelledby="deeds"><h2 id="deeds">What can be done</h2><p class="soft small">Each shows first what would happen. Nothing is done before you confirm it.</p><div class="buttons">${offered.map((deed, n) => html`<a class="button ${n === 0 && user?.found?.enabled !== false ? 'main' : ''}" href="${personPath(userId)}/${deed.name}">${deed.button}</a>`)}</div></section>`}
<div class="grid two">
${
  user?.found &&
  html`<section class="card" aria-labelledby="who"><h2 id="who">Who</h2>${facts([
    ['Id', theirs(user.found.id)],
    ['Name', theirs(user.found.displayName)],
    [
      'Mail address',
      user.found.mailAddress === null ? html`<span class="soft">none</span>` : theirs(user.found.mailAddress)
    ],
    ['Kept in', theirs(user.found.backend)],
    [
      'Groups',
      user.found.groups.length === 0
        ? html`<span class="soft">none</span>`
        : user.found.groups.map((each, n) => [n > 0 && ', ', theirs(each)])
    ],
    ['Last login', atOr(user.found.lastLogin, 'never')]
  ])}</section>`
}
${
  access &&
  !isGone &&
  html`<section class="card" aria-labelledby="access"><h2 id="access">Access, as Nextcloud has it now</h2>${problemNote(access.problem)}${
    access.found &&
    facts([
      ['Browser sessions', numberOf(access.found.tokens.sessions)],
      ['App passwords', numberOf(access.found.tokens.appPasswords)],
      ['Devices yet to erase', numberOf(access.found.tokens.wipePending)],
      [
        'Pending reset link',
        access.found.resetLink === 'unknown'
          ? numberOf('unknown')
          : access.found.resetLink === 1
            ? 'yes'
            : 'no'
      ],
      [
        'Second factor',
        access.found.twoFactor.providers.length > 0
          ? access.found.twoFactor.providers.map((each, n) => [n > 0 && ', ', theirs(each)])
          : access.found.twoFactor.enforced
            ? 'none set up, but asked for'
            : 'none'
      ],
      [
        'How access would end',
        access.found.revocation.driver === null
          ? html`it cannot: ${theirs(access.found.revocation.because)}`
          : html`by ${access.found.revocation.driver}: ${theirs(access.found.revocation.because)}`
      ]
    ])
  }</section>`
}
</div>
${access?.found && access.found.operations.length > 0 && html`<section class="note warn"><h2>At work, or to come</h2><ul class="rows">${access.found.operations.map(({ operation, kind, state, resumeAt }) => html`<li><div class="what"><a href="${consolePath(operation)}">${kindWords[kind]}</a></div>${pill(stateWords[state].tone, stateWords[state].word)}${resumeAt && html`<span class="when">${at(resumeAt)}</span>`}</li>`)}</ul></section>`}
${tokens?.found && tokens.found.items.length > 0 && html`<section class="card" aria-labelledby="tokens"><h2 id="tokens">Sessions and app passwords</h2><ul class="rows">${tokens.found.items.map((token) => html`<li class="act"><div class="what">${theirs(token.name)}</div><span class="soft small">${{ session: 'browser session', 'app-password': 'app password', wiped: 'told to erase' }[token.kind]} · last used ${atOr(token.lastUsedAt, 'never')}</span>${token.kind !== 'wiped' && may('DELETE /users/:userId/tokens/:tokenId') && html`<a class="button" href="${query(`${personPath(userId)}/revoke-one`, { token: token.id })}" aria-label="End ${token.name}">End</a>`}</li>`)}</ul><p class="soft small">Listed by ${tokens.found.listedBy}. What a browser or app calls itself, anybody can call it.</p></section>`}
${operations?.found && operations.found.items.length > 0 && html`<section class="card" aria-labelledby="operations"><h2 id="operations">Operations</h2>${operationRows(operations.found.items, false)}<p class="small"><a href="${query('/console/operations', { userId })}">All of this person</a></p></section>`}
${history && html`<section class="card" aria-labelledby="history"><h2 id="history">History</h2>${problemNote(history.problem)}${history.found && (history.found.items.length === 0 ? none('Nothing was ever done to this person by Locksmith.') : html`<ul class="rows">${history.found.items.map((event) => html`<li><span class="when">${at(event.at)}</span><div class="what">${theirs(event.text)}</div><a class="small" href="/console/audit/${event.seq}" aria-label="#${event.seq}, the event">#${event.seq}</a></li>`)}</ul>${pages(cursor === undefined ? undefined : personPath(userId), history.found.next && query(personPath(userId), { cursor: history.found.next }))}`)}</section>`}`
  })
}

/** The form of something that can be done; and, once it was sent, what would come of it. */
export async function deedPage(visit: Visit, userId: string, name: string) {
  const deed = deedOf(name)
  if (!deed) throw notFound()
  const given: Record<string, string> = {
    ...(visit.asked.token !== undefined && { token: visit.asked.token }),
    ...visit.form
  }
  if (visit.form.step === undefined) return formPage(visit, deed, userId, given)
  const dry = requestOf(deed, userId, given, true)
  const plan = await visit.ask<DryRunView>(deed.method, dry.path, dry.body)
  const seen = fingerprint(essenceOf(plan))
  if (given.step !== 'do') return planPage(visit, deed, userId, given, plan, seen)
  // What is confirmed is what was shown.
  if (given.seen !== seen || given.key === undefined)
    return planPage(visit, deed, userId, given, plan, seen, true)
  const real = requestOf(deed, userId, given, false)
  const operation = await visit.ask<OperationView>(deed.method, real.path, real.body, given.key)
  return visit.goTo(`/console/operations/${operation.id}`)
}

const personLink = (userId: string): [string, string] => [personPath(userId), userId]

function formPage(visit: Visit, deed: Deed, userId: string, given: Record<string, string>) {
  const has = (scope: Parameters<typeof mayEnter>[1]) => mayEnter(visit.caller, scope)
  return visit.page({
    title: `${deed.button}: ${userId}`,
    heading: html`${deed.button}: ${theirs(userId)}`,
    narrow: true,
    within: personLink(userId),
    content: html`<p>${deed.means}</p>
<form class="card" method="post" action="${personPath(userId)}/${deed.name}">${formToken(visit.session)}${hidden({ step: 'look', token: given.token })}
${reasonField(given.reason)}${deed.fields(given, has)}
<div class="buttons"><button class="main">Show what would happen</button><a class="button" href="${personPath(userId)}">Back</a></div>
<p class="hint">This changes nothing yet.</p></form>`
  })
}

const asked = ({ form: _, step: __, seen: ___, key: ____, ...fields }: Record<string, string>) => fields

function planPage(
  visit: Visit,
  deed: Deed,
  userId: string,
  given: Record<string, string>,
  plan: DryRunView,
  seen: string,
  isOther = false
) {
  const action = `${personPath(userId)}/${deed.name}`
  const fields = asked(given)
  return visit.page({
    title: `${deed.button}: ${userId}`,
    heading: html`${deed.button}: ${theirs(userId)}`,
    narrow: true,
    status: isOther ? 409 : 200,
    within: personLink(userId),
    content: html`${isOther && otherWay}
${planView(plan, fields.reason)}
<div class="buttons">
${plan.would !== 'refused' && html`<form method="post" action="${action}">${formToken(visit.session)}${hidden({ ...fields, step: 'do', seen, key: newKey() })}<button class="${deed.isFinal || deed.name === 'offboard' || fields.wipe || fields.deleteAfter ? 'danger' : 'main'}">${deed.button} ${theirs(userId)} now</button></form>`}
<form method="get" action="${action}">${hidden({ token: fields.token })}<button>Change</button></form>
<a class="button" href="${personPath(userId)}">Do nothing</a>
</div>`
  })
}
