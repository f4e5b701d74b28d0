/** Campaigns: how they stand, answers over time, and who has answered what. */

import type { CampaignView } from '../../campaigns/campaign.schema.ts'
import type { Definition } from '../../campaigns/campaign.ts'
import { campaignSourcesOf } from '../../campaigns/campaign.ts'
import { scopesOfCampaign } from '../../campaigns/consequence.ts'
import type { ParticipantView } from '../../campaigns/participant.schema.ts'
import { participantStates } from '../../campaigns/participant.ts'
import type { PreviewView } from '../../campaigns/preview.schema.ts'
import { chart, isShown, letterOf } from '../../campaigns/report/chart.ts'
import { readHead } from '../../campaigns/report/head.ts'
import { findSubject } from '../../campaigns/report/report.sql.ts'
import type { Head } from '../../campaigns/report/report.ts'
import { openSnapshot } from '../../db/snapshot.ts'
import type { Html } from '../../html.ts'
import { choice, hidden, reasonField, textField } from '../forms.ts'
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
import type { Attempt, Page, Visit } from '../visit.ts'
import { brakeWords, campaignWords, participantWords } from '../words.ts'

export const campaignRows = (items: CampaignView[]): Html =>
  html`<ul class="rows">${items.map((each) => {
    const { tone, word } = campaignWords[each.state]
    return html`<li><div class="what"><a href="/console/campaigns/${each.id}">${theirs(each.name)}</a></div>${pill(tone, word)}<p class="more">${each.round ? html`round ${each.round.number} · ${answered(each)}` : 'no round yet'}${each.nextRoundAt && html` · next round ${at(each.nextRoundAt)}`}</p></li>`
  })}</ul>`

function answered({ round }: CampaignView): string {
  const counts = round!.counts
  const inRound = Object.entries(counts).reduce((sum, [state, n]) => sum + (state === 'out' ? 0 : n), 0)
  const open = counts.waiting + counts.asked
  return `${count(inRound)} in it, ${count(counts.confirmed + counts.vouched)} confirmed or vouched for, ${count(open)} still to answer`
}

export async function campaigns(visit: Visit) {
  const { cursor } = visit.asked
  const { items, next } = await visit.read<Page<CampaignView>>(query('/campaigns', { cursor, limit: 25 }))
  return visit.page({
    title: 'Campaigns',
    content: html`<section class="card" aria-label="Campaigns, newest first">${items.length === 0 ? none('There is none yet.') : campaignRows(items)}</section>${pages(cursor === undefined ? undefined : '/console/campaigns', next && query('/console/campaigns', { cursor: next }))}`
  })
}

const changes = {
  start: { button: 'Start', to: 'planning', means: 'The list of users is read, and the first mails go out.' },
  pause: {
    button: 'Pause',
    to: 'paused',
    means: 'No mails, and nothing is done to anybody. Answers count all the same.'
  },
  resume: {
    button: 'Resume',
    to: 'open',
    means:
      'It goes on; everybody gets the time back that it stood still. After “aborted” it says that the list of users is right.'
  },
  extend: { button: 'Give more time', to: 'open', means: 'Everybody gets more time to answer.' },
  cancel: {
    button: 'Cancel',
    to: 'cancelled',
    means:
      'For good: links die, no more mails, no next round, and what waits for its turn is cancelled. What is at work goes on.'
  }
} as const
type Change = keyof typeof changes

function canChange({ state }: CampaignView, change: Change): boolean {
  if (change === 'start') return state === 'draft'
  if (change === 'resume') return state === 'paused' || state === 'aborted'
  if (change === 'extend') return state === 'open' || state === 'paused'
  return (campaignSourcesOf(changes[change].to) as string[]).includes(state)
}

const mayChange = (visit: Visit, campaign: CampaignView, change: Change) =>
  visit.may(
    `POST /campaigns/:campaignId/${change}`,
    change === 'start' || change === 'resume' ? scopesOfCampaign(campaign.definition as Definition) : []
  )

const isOver = ({ state }: CampaignView) => state === 'ended' || state === 'cancelled'

export async function oneCampaign(visit: Visit, id: string) {
  const path = `/campaigns/${encodeURIComponent(id)}`
  const { state, domain, cursor } = visit.asked
  const filter = { state, domain }
  const campaign = await visit.read<CampaignView>(path)
  const [people, head] = await Promise.all([
    campaign.round &&
      visit.attempt<Page<ParticipantView>>(query(`${path}/participants`, { ...filter, cursor, limit: 50 })),
    campaign.round && visit.may('GET /campaigns/:campaignId/report') && headOf(visit, campaign.id)
  ])
  const offered = (Object.keys(changes) as Change[]).filter(
    (change) => canChange(campaign, change) && mayChange(visit, campaign, change)
  )
  const here = `/console/campaigns/${campaign.id}`
  return visit.page({
    title: campaign.name,
    heading: theirs(campaign.name),
    within: ['/console/campaigns', 'Campaigns'],
    content: null,
    live: { path: `${here}/live`, everySeconds: 5, part: standing(campaign), isOver: isOver(campaign) },
    below: html`${offered.length > 0 && html`<div class="buttons">${offered.map((change) => html`<a class="button" href="${here}/${change}">${changes[change].button}…</a>`)}</div>`}
${head && html`<section class="card" aria-labelledby="answers"><h2 id="answers">Answers over time</h2>${curve(head)}<p class="small"><a href="${here}/report">The report of round ${head.round.number}</a>, to print, as evidence of an access review</p></section>`}
${people && participants(visit, campaign, people, filter, cursor)}
${definitionOf(campaign)}`
  })
}

export async function campaignPart(visit: Visit, id: string) {
  const campaign = await visit.read<CampaignView>(`/campaigns/${encodeURIComponent(id)}`)
  return visit.part(standing(campaign), isOver(campaign))
}

function standing(campaign: CampaignView): Html {
  const { tone, word } = campaignWords[campaign.state]
  const { round, problem } = campaign
  const tiles = round && participantStates.filter((each) => round.counts[each] > 0)
  return html`<p data-said="${word}">${pill(tone, word)}${round && html` Round ${round.number}, since ${at(round.beganAt)}${round.closedAt && html`, closed ${at(round.closedAt)}`}`}${campaign.nextRoundAt && html`. Next round ${at(campaign.nextRoundAt)}`}</p>
${problemNote(problem, 'warn')}
${
  round &&
  round.brakes.length > 0 &&
  html`<div class="note warn"><p>A second person is asked before anybody is locked out: ${round.brakes
    .map((brake) => brakeWords[brake] ?? brake)
    .join(', ')
    .toLowerCase()}.</p></div>`
}
${tiles && tiles.length > 0 && html`<ul class="tiles">${tiles.map((each) => html`<li><b>${count(round.counts[each])}</b><span>${participantWords[each].word}</span></li>`)}</ul>`}`
}

async function headOf({ world }: Visit, id: string): Promise<Head | undefined> {
  const { db, close } = await openSnapshot(world.pool)
  try {
    const subject = await findSubject(db, id, undefined)
    if (!subject || subject.number === null) return undefined
    return await readHead(db, { ...subject, number: subject.number })
  } finally {
    await close()
  }
}

const markWords = {
  opened: 'Opened',
  invited: 'Last invitation sent',
  reminded: 'Reminder',
  closed: 'Closed',
  'as-of': 'Now'
}

/** The picture, and the same as a table. */
const curve = (head: Head) =>
  html`<figure>${chart(head)}</figure>
<details id="numbers"><summary>The numbers</summary><table><thead><tr><th scope="col">When</th><th scope="col" class="n">Confirmed</th><th scope="col" class="n">Vouched</th><th scope="col" class="n">Left</th></tr></thead><tbody>${head.marks.map((mark) => html`<tr><th scope="row">${isShown(mark) && html`<b>${letterOf(head.marks.filter(isShown).indexOf(mark))}</b> `}${markWords[mark.kind]}${mark.number !== undefined && ` ${mark.number}`} ${at(mark.at)}</th><td class="n">${count(mark.confirmed)}</td><td class="n">${count(mark.vouched)}</td><td class="n">${count(mark.left)}</td></tr>`)}</tbody></table></details>`

const answersFor = { confirm: 'Confirm', vouch: 'Vouch for', exclude: 'Take out' } as const
const answerMeans = {
  confirm: 'Records that the person still needs access, as the person told you.',
  vouch: 'Records that you know the person still needs access.',
  exclude: 'The person is not asked in this round, and nothing is done.'
} as const

function participants(
  visit: Visit,
  campaign: CampaignView,
  { found, problem }: Attempt<Page<ParticipantView>>,
  filter: { state: string | undefined; domain: string | undefined },
  cursor: string | undefined
) {
  const here = `/console/campaigns/${campaign.id}`
  return html`<section class="card" aria-labelledby="people"><h2 id="people">Participants</h2>
<form method="get" action="${here}"><div class="filter">
${choice('state', 'State', [['', 'Any'], ...participantStates.map((each): [string, string] => [each, participantWords[each].word])], { value: filter.state })}
${textField('domain', 'Mail domain', { value: filter.domain, max: 253 })}
<div class="field"><button>Filter</button></div></div></form>
${problemNote(problem)}
${found && (found.items.length === 0 ? none('Nobody.') : html`<ul class="rows">${found.items.map((each) => participantRow(visit, campaign, each))}</ul>`)}</section>
${found && pages(cursor === undefined ? undefined : query(here, filter), found.next && query(here, { ...filter, cursor: found.next }))}`
}

const answerable = ['waiting', 'asked', 'bounced']

function participantRow(visit: Visit, campaign: CampaignView, each: ParticipantView) {
  const { tone, word } = participantWords[each.state]
  const canAnswer =
    answerable.includes(each.state) &&
    ['open', 'paused'].includes(campaign.state) &&
    visit.may('POST /campaigns/:campaignId/participants/:userId/confirm')
  const title = (each.problem as { title?: string } | null)?.title
  return html`<li><div class="what">${person(each.userId)} ${theirs(each.displayName)}</div>${pill(tone, word)}<span class="when">${each.answeredAt ? html`answered ${at(each.answeredAt)}` : each.askedAt ? html`asked ${at(each.askedAt)}` : ''}</span>
<p class="more">${each.address === null ? 'no mail address' : theirs(each.address)}${each.answeredBy && each.answeredBy !== 'self' && html` · answered by ${actor(each.answeredBy)}`}${each.answerReason && html`: ${theirs(each.answerReason)}`}${each.nextMailAt && html` · next mail ${at(each.nextMailAt)}`}${each.overAt && html` · time until ${at(each.overAt)}`}${title && ` · ${title}`}${each.operation && html` · <a href="${consolePath(each.operation)}" aria-label="What is done to ${each.userId}">what is done</a>`}${canAnswer && Object.entries(answersFor).map(([name, button]) => html` · <a href="/console/campaigns/${campaign.id}/people/${encodeURIComponent(each.userId)}/${name}" aria-label="${button} ${each.userId}">${button}…</a>`)}</p></li>`
}

function definitionOf({ definition, requestedBy, createdAt }: CampaignView) {
  const { mode, remindAfter, closesAfter, onSilence, onLeft, onBounce, owner, minimumResponse } =
    definition as Definition
  return html`<section class="card" aria-labelledby="definition"><h2 id="definition">What was asked for</h2>${facts(
    [
      ['What', mode === 'reset' ? 'Everybody is reset' : 'Everybody is asked by mail'],
      ['Reminders after', mode === 'confirm' && remindAfter.join(', ')],
      ['Time to answer', mode === 'confirm' && closesAfter],
      ['On silence', mode === 'confirm' && onSilence],
      ['Who has left', mode === 'confirm' && onLeft],
      ['Mail that came back', mode === 'confirm' && onBounce],
      ['Must answer', mode === 'confirm' && `${minimumResponse} %, or a second person is asked`],
      ['Who answers for it', theirs(owner)],
      ['Made by', html`${actor(requestedBy)}, ${at(createdAt)}`]
    ]
  )}</section>`
}

export async function campaignChange(visit: Visit, id: string, name: string) {
  if (!Object.hasOwn(changes, name)) throw notFound()
  const { button, means } = changes[name as Change]
  const path = `/campaigns/${encodeURIComponent(id)}`
  const here = `/console/campaigns/${encodeURIComponent(id)}`
  if (visit.form.step === 'do') {
    await visit.ask('POST', `${path}/${name}`, name === 'extend' ? { by: visit.form.by } : {})
    return visit.goTo(here)
  }
  const campaign = await visit.read<CampaignView>(path)
  const preview = name === 'start' ? await visit.ask<PreviewView>('POST', `${path}/preview`, {}) : undefined
  return visit.page({
    title: `${button}: ${campaign.name}`,
    heading: html`${button}: ${theirs(campaign.name)}`,
    narrow: true,
    within: [here, 'The campaign'],
    content: html`<p>${means}</p>${preview ? previewOf(preview) : html`<section class="card">${standing(campaign)}</section>`}
<form method="post" action="${here}/${name}">${formToken(visit.session)}${hidden({ step: 'do' })}${
      name === 'extend' &&
      choice(
        'by',
        'How much more',
        [
          ['P3D', '3 days'],
          ['P7D', '7 days'],
          ['P14D', '14 days'],
          ['P1M', 'A month']
        ],
        { value: 'P7D' }
      )
    }<div class="buttons"><button class="${name === 'cancel' || name === 'start' ? 'danger' : 'main'}">${button} now</button><a class="button" href="${here}">Do nothing</a></div></form>`
  })
}

const previewOf = ({
  listed,
  in: asked,
  out,
  firstMailsPerHour,
  lastMailAt,
  closesAt,
  approval
}: PreviewView) =>
  html`<section class="card" aria-labelledby="preview"><h2 id="preview">What a round would come to now</h2>${facts(
    [
      ['Would be asked', `${count(asked.total)} of ${count(listed)} users`],
      [
        'Would not',
        out.length === 0
          ? 'nobody else is in its audience'
          : out.map(({ reason, total }, n) => [
              n > 0 && ', ',
              `${count(total)} ${reason.replaceAll('-', ' ')}`
            ])
      ],
      ['Mails', `${count(firstMailsPerHour)} an hour at most`],
      ['Last first mail', at(lastMailAt)],
      ['Time is over', at(closesAt)],
      [
        'If nobody answered',
        `${count(approval.lockOuts)} would be locked out${approval.needed ? ', once a second person approves it' : ''}`
      ]
    ]
  )}${asked.users.length > 0 && html`<details id="asked"><summary>${asked.users.length < asked.total ? `The first ${asked.users.length}` : 'All of them'}</summary><ul class="names">${asked.users.map((each) => html`<li>${theirs(each)}</li>`)}</ul></details>`}</section>`

/** What somebody answers for a participant. */
export async function participantAnswer(visit: Visit, id: string, userId: string, name: string) {
  if (!Object.hasOwn(answersFor, name)) throw notFound()
  const button = answersFor[name as keyof typeof answersFor]
  const here = `/console/campaigns/${encodeURIComponent(id)}`
  if (visit.form.step === 'do') {
    const { reason } = visit.form
    await visit.ask(
      'POST',
      `/campaigns/${encodeURIComponent(id)}/participants/${encodeURIComponent(userId)}/${name}`,
      reason ? { reason } : {}
    )
    return visit.goTo(here)
  }
  // Refused here already, as the API refuses it, for whoever may not look.
  const campaign = await visit.read<CampaignView>(`/campaigns/${encodeURIComponent(id)}`)
  return visit.page({
    title: `${button}: ${userId}`,
    heading: html`${button}: ${theirs(userId)}`,
    narrow: true,
    within: [here, campaign.name],
    content: html`<p>${answerMeans[name as keyof typeof answerMeans]} The person gets no more mails in this round, and the link dies.</p>
<form class="card" method="post" action="${here}/people/${encodeURIComponent(userId)}/${name}">${formToken(visit.session)}${hidden({ step: 'do' })}${reasonField()}<div class="buttons"><button class="main">${button} ${theirs(userId)} now</button><a class="button" href="${here}">Do nothing</a></div></form>`
  })
}
