/** The first page: what needs a person, what runs, and how much may still be done. */
import type { CampaignView } from '../../campaigns/campaign.schema.ts'
import { brakeStandings } from '../../guard/brake.ts'
import type { Html, Part } from '../../html.ts'
import type { ApprovalView } from '../../operations/approval.schema.ts'
import { limitsOf } from '../../operations/hold.ts'
import type { OperationView } from '../../operations/operation.schema.ts'
import { actor, at, html, none, query, theirs } from '../html.ts'
import { problemNote } from '../problem-card.ts'
import type { Attempt, Page, Visit } from '../visit.ts'
import { brakeWords, campaignWords } from '../words.ts'
import { approvalRows } from './approvals.ts'
import { campaignRows } from './campaigns.ts'
import { operationRows } from './operations.ts'

type Stop = { stopped: boolean; since: string | null; by: string | null; reason: string | null }
type Check = { ok: boolean; detail: string }
type Ready = { ready: boolean; checks: Record<'database' | 'nextcloud' | 'jobs', Check> }

const atMost = 10

export async function overview(visit: Visit) {
  const part = await standing(visit)
  return visit.page({
    title: 'Overview',
    content: null,
    live: { path: '/console/live', everySeconds: 5, part },
    below: html`${visit.may('POST /stop') && html`<section class="card" aria-labelledby="switch"><h2 id="switch">Everything at once</h2><div class="buttons"><a class="button" href="/console/stop">Stop everything…</a><a class="button" href="/console/resume">Go on after a stop…</a>${visit.may('POST /operations/undo') && html`<a class="button" href="/console/undo">Let in again who was disabled…</a>`}</div></section>`}`
  })
}

export async function overviewPart(visit: Visit) {
  return visit.part(await standing(visit))
}

async function standing(visit: Visit): Promise<Html> {
  const { may, world } = visit
  const listed = (state: string) =>
    may('GET /operations')
      ? visit.attempt<Page<OperationView>>(query('/operations', { state, limit: atMost }))
      : undefined
  const [stop, ready, attention, running, waiting, queued, pending, campaigns, brakes] = await Promise.all([
    may('GET /stop') ? visit.attempt<Stop>('/stop') : undefined,
    visit.attempt<Ready>('/health/ready'),
    listed('needs-attention'),
    listed('running'),
    listed('waiting'),
    listed('queued'),
    may('GET /approvals')
      ? visit.attempt<Page<ApprovalView>>(query('/approvals', { state: 'pending', limit: atMost }))
      : undefined,
    may('GET /campaigns') ? visit.attempt<Page<CampaignView>>(query('/campaigns', { limit: 5 })) : undefined,
    may('GET /metrics') && may('GET /operations') ? brakeStandings(world.pool, limitsOf(world)) : undefined
  ])
  const troubled = campaigns?.found?.items.filter(({ state }) => campaignWords[state].tone === 'bad') ?? []
  const calm =
    stop?.found?.stopped !== true &&
    ready.found?.ready === true &&
    [attention?.found, pending?.found].every((page) => page === undefined || page.items.length === 0) &&
    troubled.length === 0
  const failed = [stop, ready, attention, running, waiting, queued, pending, campaigns].filter(
    (each) => each?.problem !== undefined
  )
  const atWork = [running, waiting, queued]
  const said =
    calm && failed.length === 0 ? 'Nothing needs attention.' : saidOf(stop, ready, attention, pending)
  return html`<div data-said="${said}">
${failed.length > 0 && problemNote(failed[0]!.problem)}
${stop?.found?.stopped && html`<div class="note bad"><h2>Stopped</h2><p>Nothing is done to anybody since ${stop.found.since && at(stop.found.since)}, by ${actor(stop.found.by ?? '')}${stop.found.reason !== null && html`: “${theirs(stop.found.reason)}”`}.</p></div>`}
${ready.found && !ready.found.ready && html`<div class="note bad"><h2>Not everything is at hand</h2>${Object.entries(ready.found.checks).map(([name, { ok, detail }]) => !ok && html`<p>${names[name]}: ${theirs(detail)}</p>`)}<p>What was asked for waits, and goes on by itself.</p></div>`}
${calm && failed.length === 0 && html`<div class="note good"><p><strong>Nothing needs attention.</strong>${ready.found && html` ${theirs(ready.found.checks.nextcloud.detail)} answers.`}</p></div>`}
${list('Needs attention', attention, (items) => operationRows(items), '/console/operations?state=needs-attention', false)}
${list('Waits for a second person', pending, (items) => approvalRows(items), '/console/approvals?state=pending', false)}
<div class="grid two"><div class="stack">
${running && html`<section class="card" aria-labelledby="at-work"><h2 id="at-work">At work</h2>${rowsOf(atWork)}</section>`}
${brakes && html`<section class="card" aria-labelledby="brakes"><h2 id="brakes">Brakes</h2><p class="soft small">So many users may be locked out, wiped or deleted before a second person is asked.</p><ul class="rows">${brakes.map(({ brake, used, most }) => html`<li><div class="what"><span id="brake-${brake}">${brakeWords[brake]}</span></div><span class="when">${used} of ${most}</span><meter min="0" max="${Math.max(most, 1)}" low="${most * 0.6}" high="${most * 0.9}" optimum="0" value="${Math.min(used, Math.max(most, 1))}" aria-labelledby="brake-${brake}">${used} of ${most}</meter></li>`)}</ul></section>`}
</div>
${campaigns?.found && html`<section class="card" aria-labelledby="campaigns"><h2 id="campaigns">Campaigns</h2>${campaigns.found.items.length === 0 ? none('There is none yet.') : campaignRows(campaigns.found.items)}${campaigns.found.next !== null && html`<p class="small"><a href="/console/campaigns">All campaigns</a></p>`}</section>`}
</div></div>`
}

const names: Record<string, string> = { database: 'Database', nextcloud: 'Nextcloud', jobs: 'This process' }

function saidOf(
  stop: Attempt<Stop> | undefined,
  ready: Attempt<Ready>,
  attention: Attempt<Page<OperationView>> | undefined,
  pending: Attempt<Page<ApprovalView>> | undefined
): string {
  const counted = (page: Page<unknown> | undefined, what: string) =>
    page && page.items.length > 0 && `${page.items.length}${page.next === null ? '' : ' or more'} ${what}`
  return [
    [stop, ready, attention, pending].some((each) => each?.problem) && 'Not everything could be read',
    stop?.found?.stopped && 'Stopped',
    ready.found?.ready === false && 'Not everything is at hand',
    counted(attention?.found, 'need attention'),
    counted(pending?.found, 'to approve')
  ]
    .filter(Boolean)
    .join(', ')
}

function list<T>(
  title: string,
  found: Attempt<Page<T>> | undefined,
  rows: (items: T[]) => Html,
  more: string,
  showEmpty: boolean
): Part {
  if (!found?.found || (!showEmpty && found.found.items.length === 0)) return null
  const id = title.toLowerCase().replaceAll(' ', '-')
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${rows(found.found.items)}${found.found.next !== null && html`<p class="small"><a href="${more}">There are more</a></p>`}</section>`
}

function rowsOf(lists: (Attempt<Page<OperationView>> | undefined)[]): Part {
  const items = lists.flatMap((each) => each?.found?.items ?? [])
  const more = lists.some((each) => (each?.found?.next ?? null) !== null)
  // What could not be read is not nothing.
  if (lists.some((each) => each?.problem)) return none('Not known: it could not be read.')
  if (items.length === 0) return none('Nothing is being done right now.')
  return html`${operationRows(items.slice(0, atMost))}${(more || items.length > atMost) && html`<p class="small"><a href="/console/operations">All operations</a></p>`}`
}
