/** API keys: which there are, making one, and ending one. */

import type { KeyView } from '../../access/key.schema.ts'
import { mayEnter, scopes } from '../../access/scope.ts'
import type { Html, Part } from '../../html.ts'
import { checkBox, choice, hidden, textField } from '../forms.ts'
import { formToken } from '../frame.ts'
import { actor, at, atOr, facts, html, none, pages, pill, query, theirs } from '../html.ts'
import { notFound } from '../not-found.ts'
import { newKey, type Page, type Visit } from '../visit.ts'

const isOver = ({ expiresAt, revokedAt }: KeyView) =>
  revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= Date.now())

const statePill = (key: KeyView) =>
  key.revokedAt !== null
    ? pill('none', 'Revoked')
    : isOver(key)
      ? pill('none', 'Expired')
      : pill('good', 'Works')

export async function keys(visit: Visit) {
  const { cursor } = visit.asked
  const { items, next } = await visit.read<Page<KeyView>>(query('/keys', { cursor, limit: 50 }))
  return visit.page({
    title: 'Keys',
    content: html`${visit.may('POST /keys') && html`<div class="buttons"><a class="button main" href="/console/keys/new">Make a key…</a></div>`}
<section class="card" aria-label="API keys, newest first">${items.length === 0 ? none('There is none but LOCKSMITH_API_KEY, if that is set.') : html`<ul class="rows">${items.map((key) => html`<li><div class="what"><a href="/console/keys/${key.id}">${theirs(key.name)}</a> <code>${key.id}</code></div>${statePill(key)}<p class="more">${key.scopes.join(', ')} · last used ${atOr(key.lastUsedAt, 'never')}</p></li>`)}</ul>`}</section>${pages(cursor === undefined ? undefined : '/console/keys', next && query('/console/keys', { cursor: next }))}`
  })
}

const listOr = (values: string[] | null, otherwise: string): Part =>
  values === null ? otherwise : values.map((each, n) => [n > 0 && ', ', theirs(each)])

const about = (key: KeyView): Html =>
  facts([
    ['Id', html`<code>${key.id}</code>`],
    ['Scopes', key.scopes.join(', ')],
    ['Who answers for it', actor(key.owner)],
    ['Made by', html`${actor(key.createdBy)}, ${at(key.createdAt)}`],
    ['Ends', atOr(key.expiresAt, 'not by itself')],
    ['Revoked', key.revokedAt && at(key.revokedAt)],
    ['Last used', atOr(key.lastUsedAt, 'never')],
    ['Works from', listOr(key.allowedCidrs, 'anywhere')],
    ['For users of', listOr(key.allowedGroups, 'all groups, or none')],
    ['Place taken by', key.rotatedTo && html`<a href="/console/keys/${key.rotatedTo}">${key.rotatedTo}</a>`]
  ])

export async function oneKey(visit: Visit, id: string) {
  const key = await visit.read<KeyView>(`/keys/${encodeURIComponent(id)}`)
  return visit.page({
    title: `Key ${key.name}`,
    heading: html`Key ${theirs(key.name)} ${statePill(key)}`,
    within: ['/console/keys', 'Keys'],
    content: html`<section class="card" aria-label="The key">${about(key)}</section>${!isOver(key) && html`<div class="buttons">${visit.may('POST /keys/:keyId/rotate') && html`<a class="button" href="/console/keys/${key.id}/rotate">Replace…</a>`}${visit.may('DELETE /keys/:keyId') && html`<a class="button" href="/console/keys/${key.id}/revoke">Revoke…</a>`}</div>`}`
  })
}

/** The key itself stands in this one answer, and nowhere else. */
const shown = (visit: Visit, made: KeyView & { key?: string }) =>
  visit.page({
    title: `Key ${made.name}`,
    heading: html`Key ${theirs(made.name)}`,
    narrow: true,
    within: ['/console/keys', 'Keys'],
    content: html`${made.key === undefined ? html`<div class="note warn"><p>It was made already, and is not shown a second time. Replace it where nobody has kept it.</p></div>` : html`<div class="note good"><p><strong>Keep it now: it is shown this once.</strong></p><pre>${made.key}</pre></div>`}<section class="card" aria-label="The key">${about(made)}</section>`
  })

export async function makeKeyPage(visit: Visit) {
  const { step, key, name, owner, expires, cidrs, groups, ...given } = visit.form
  const wanted = scopes.filter((scope) => given[`scope-${scope}`] === 'yes')
  if (step === 'do') {
    const body = {
      name,
      scopes: wanted,
      ...(owner && { owner }),
      ...(expires && { expiresAt: new Date(Date.now() + Number(expires) * 86_400_000).toISOString() }),
      ...(cidrs && { allowedCidrs: wordsOf(cidrs) }),
      ...(groups && { allowedGroups: wordsOf(groups) })
    }
    return shown(visit, await visit.ask<KeyView>('POST', '/keys', body, key))
  }
  if (!visit.may('POST /keys')) await visit.read('/keys')
  return visit.page({
    title: 'Make a key',
    narrow: true,
    within: ['/console/keys', 'Keys'],
    content: html`<p>It can do no more than you can, and what limits you limits it.</p>
<form class="card" method="post" action="/console/keys/new">${formToken(visit.session)}${hidden({ step: 'do', key: newKey() })}
${textField('name', 'Name', { required: true, max: 100, hint: 'For what, such as “helpdesk”' })}
<fieldset><legend>What it may do</legend>${scopes.filter((scope) => mayEnter(visit.caller, scope)).map((scope) => checkBox(`scope-${scope}`, scope))}</fieldset>
${textField('owner', 'Who answers for it', { max: 400, hint: 'A person or system. Left out: you' })}
${choice(
  'expires',
  'It ends',
  [
    ['90', 'in 90 days'],
    ['30', 'in 30 days'],
    ['1', 'in a day'],
    ['365', 'in a year'],
    ['', 'not by itself']
  ],
  { value: '90' }
)}
${textField('cidrs', 'Works only from these networks', { max: 2000, hint: 'Such as 10.0.0.0/8; commas between them' })}
${textField('groups', 'For users of these groups only', { max: 2000, hint: 'Commas between them' })}
<div class="buttons"><button class="main">Make the key</button><a class="button" href="/console/keys">Do nothing</a></div></form>`
  })
}

const wordsOf = (text: string) => text.split(',').flatMap((each) => each.trim() || [])

const ends = {
  revoke: {
    button: 'Revoke',
    means: 'It opens nothing within a second, for good, in all processes. What it began goes on.'
  },
  rotate: {
    button: 'Replace',
    means: 'A new key with the same scopes, owner and limits. The old one goes on for a day.'
  }
} as const

export async function keyAct(visit: Visit, id: string, name: string) {
  if (!Object.hasOwn(ends, name)) throw notFound()
  const { button, means } = ends[name as keyof typeof ends]
  const path = `/keys/${encodeURIComponent(id)}`
  const { step, key } = visit.form
  if (step === 'do' && name === 'rotate')
    return shown(visit, await visit.ask<KeyView>('POST', `${path}/rotate`, {}, key))
  if (step === 'do') {
    await visit.ask('DELETE', path, undefined, key)
    return visit.goTo(`/console/keys/${encodeURIComponent(id)}`)
  }
  const found = await visit.read<KeyView>(path)
  return visit.page({
    title: `${button}: key ${found.name}`,
    heading: html`${button}: key ${theirs(found.name)}`,
    narrow: true,
    within: [`/console/keys/${id}`, 'The key'],
    content: html`<p>${means}</p><section class="card" aria-label="The key">${about(found)}</section>
<form method="post" action="/console/keys/${found.id}/${name}">${formToken(visit.session)}${hidden({ step: 'do', key: newKey() })}<div class="buttons"><button class="${name === 'revoke' ? 'danger' : 'main'}">${button} it now</button><a class="button" href="/console/keys/${found.id}">Do nothing</a></div></form>`
  })
}
