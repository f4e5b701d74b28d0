/** The first pages: what was asked for, what came of it, in numbers and words. */
import type { Html } from '../../html.ts'
import { chart, isShown, letterOf } from './chart.ts'
import { count, html, theirs, when } from './markup.ts'
import { controls, type Followed, type Head, type Mark, type Result } from './report.ts'
import { audienceWords, consequenceWords, durationWords, list, scheduleWords } from './words.ts'

const resultWords: Record<Result, string> = {
  confirmed: 'Confirmed by the person',
  vouched: 'Vouched for by somebody else',
  excluded: 'Taken out of the round by an administrator',
  left: 'Access no longer needed',
  silent: 'No answer in time',
  bounced: 'Mail came back for good',
  undelivered: 'Not sure that any mail arrived',
  reset: 'Reset without being asked',
  stopped: 'Ended before the time was over',
  open: 'May still answer'
}

const followedWords: Record<Followed, string> = {
  acted: 'Done',
  spared: 'Nothing was done',
  failed: 'Failed, or needs attention',
  acting: 'Not finished, or awaits approval',
  pending: 'Not decided yet'
}

export const outWords: Record<string, string> = {
  'no-mail-address': 'No mail address',
  'shared-address': 'Mail address shared with others',
  disabled: 'Disabled already',
  protected: 'Protected from Locksmith',
  'directory-user': 'Managed in a directory',
  'confirmed-recently': 'Confirmed recently'
}

/** @param of what the share is of; of nothing there is none */
const share = (n: number, of: number) => (of === 0 ? '–' : `${((100 * n) / of).toFixed(1)} %`)

export const summary = (head: Head): Html => html`
${tiles(head)}
<h2>What came of it</h2>
<div class="three">
${table('Answers', resultWords, head.counts.results, 'To be asked')}
${table('What followed', followedWords, head.counts.followed, 'Something was to be done')}
${table('Not asked', outWords, head.counts.out.because, 'Left out')}
</div>
${mailLine(head)}
${curve(head)}
${definition(head)}
${contacts(head)}`

function tiles({ counts, round }: Head): Html {
  const { results, followed, inRound, out } = counts
  const tile = (n: number, title: string, more: string, alarm = false) =>
    html`<li${alarm && html` class="alarm"`}><b>${count(n)}</b><strong>${title}</strong><span>${more}</span></li>`
  const noAnswer = results.silent + results.bounced + results.undelivered
  return html`<ul class="tiles">
${tile(counts.participants, 'In the audience', round.listed === null ? '' : `of ${count(round.listed)} users of Nextcloud`)}
${tile(inRound, 'To be asked', `${count(out.total)} left out, with reasons`)}
${tile(results.confirmed + results.vouched, 'Access still needed', share(results.confirmed + results.vouched, inRound))}
${tile(results.left, 'No longer needed', share(results.left, inRound))}
${tile(noAnswer, 'No answer', share(noAnswer, inRound))}
${tile(followed.acted, 'Acted upon', followed.failed > 0 ? `and ${count(followed.failed)} failed` : 'locked out, reset or revoked', followed.failed > 0)}
</ul>`
}

function table(caption: string, words: Record<string, string>, counts: Record<string, number>, sum: string) {
  const rows = Object.entries(counts).filter(([, n]) => n > 0)
  const total = rows.reduce((all, [, n]) => all + n, 0)
  return html`<table><caption>${caption}</caption>
<thead><tr><th scope="col">${caption === 'Not asked' ? 'Why' : 'What'}</th><th scope="col" class="n">Users</th><th scope="col" class="n">Share</th></tr></thead>
<tbody>${rows.map(([key, n]) => html`<tr><td>${words[key] ?? key}</td><td class="n">${count(n)}</td><td class="n">${share(n, total)}</td></tr>`)}</tbody>
<tfoot><tr><td>${sum}</td><td class="n">${count(total)}</td><td class="n">${share(total, total)}</td></tr></tfoot></table>`
}

function mailLine({ counts: { mails } }: Head): Html {
  const { bouncedSoft, bouncedHard, begun, ...states } = mails
  const words = [
    ...Object.entries(states).map(([state, n]) => `${count(n)} ${state}`),
    begun > 0 && `${count(begun)} of which the mail server has not been heard by the end`,
    `${count(bouncedHard)} came back for good, ${count(bouncedSoft)} for the time being`
  ].filter((word) => typeof word === 'string')
  return html`<p class="sub">Mails to participants: ${words.join(', ')}. “Accepted” is what the mail server said, not that anybody read it.</p>`
}

const markWords = ({ kind, number }: Mark) =>
  ({
    opened: 'Round opened',
    invited: 'Last invitation sent',
    reminded: `Reminder ${number}: first one sent`,
    closed: 'Closed: no answer counts any more',
    'as-of': 'As of this report'
  })[kind]

function curve(head: Head): Html {
  if (head.campaign.definition.mode === 'reset') return html``
  let n = 0
  const letter = (mark: Mark) => isShown(mark) && letterOf(n++)
  return html`<section class="keep"><h2>Answers over time</h2>
<figure>${chart(head)}</figure>
<table><thead><tr><th scope="col"></th><th scope="col">When (UTC)</th><th scope="col">What</th><th scope="col" class="n">Confirmed</th><th scope="col" class="n">Vouched for</th><th scope="col" class="n">No longer needed</th></tr></thead>
<tbody>${head.marks.map((mark) => html`<tr><td><b>${letter(mark)}</b></td><td>${when(mark.at)}</td><td>${markWords(mark)}</td><td class="n">${count(mark.confirmed)}</td><td class="n">${count(mark.vouched)}</td><td class="n">${count(mark.left)}</td></tr>`)}</tbody></table></section>`
}

function definition({ campaign: { definition: d, requestedBy }, round }: Head): Html {
  const row = (term: string, text: string | Html | Html[]) => html`<dt>${term}</dt><dd>${text}</dd>`
  const extended = round.extraSeconds > 0 ? ` Extended for everybody by ${hours(round.extraSeconds)}.` : ''
  return html`<section><h2>How it was defined</h2><dl>
${row('Audience', theirs(sentence(audienceWords(d.audience).join('; '))))}
${row('Rounds', sentence(scheduleWords(d)))}
${d.mode === 'reset' ? row('Mails', 'Nobody is asked: everybody in the audience is reset.') : asking(d, extended, row)}
${row('Second person', round.brakes.length > 0 ? `Was asked, because of: ${round.brakes.join(', ')}.` : 'Was asked where a limit on lock-outs was reached: see each user.')}
${round.anyway && row('List of users', 'Was much smaller than before; a person said that it is right.')}
${row('Answers for it', theirs(d.owner))}
${row('Asked for by', theirs(requestedBy))}
${row('Round', html`Began ${when(round.beganAt)}${round.closedAt && html`, closed ${when(round.closedAt)}`}${round.endedAt && html`, ended ${when(round.endedAt)}`} (UTC).`)}
</dl></section>`
}

function asking(
  d: Head['campaign']['definition'],
  extended: string,
  row: (term: string, text: string) => Html
): Html[] {
  const reminders =
    d.remindAfter.length > 0 ? `, reminders after ${list(d.remindAfter.map(durationWords))}` : ''
  return [
    row('Mails', `One invitation each${reminders}, counted from each one’s own first mail.`),
    row('Time to answer', `${durationWords(d.closesAfter)} from the first mail.${extended}`),
    row('No answer', sentence(consequenceWords[d.onSilence])),
    row('No longer needed', sentence(consequenceWords[d.onLeft])),
    row('Mail comes back', sentence(consequenceWords[d.onBounce])),
    row(
      'Few answers',
      `Below ${d.minimumResponse} % of those whose mail arrived, a second person has to approve.`
    )
  ]
}

const sentence = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}.`

const hours = (seconds: number) => `${Math.round(seconds / 360) / 10} hours`

const contacts = ({ contacts }: Head): Html | false =>
  contacts.length > 0 &&
  html`<section><h2>Contacts who could vouch</h2><table><thead><tr><th scope="col">Contact</th><th scope="col">Mail sent (UTC)</th><th scope="col">Delivery</th></tr></thead>
<tbody>${contacts.map(({ address, mails }) => html`<tr><td>${theirs(address)}</td><td>${mails.length === 0 && 'No mail was sent'}${mails.map((mail) => html`<p>${when(mail.at)}</p>`)}</td><td>${mails.map(({ state, response }) => html`<p>${state}${response && html`: ${theirs(response)}`}</p>`)}</td></tr>`)}</tbody></table></section>`

/** What it may be shown for. */
export const evidence = (): Html =>
  html`<p class="evidence">Evidence for ${controls.map(
    ({ standard, control, title }, n) => html`${n > 0 && ' and '}<b>${standard}, ${control}</b> (${title})`
  )}: it shows whom Locksmith asked, what was answered, and what was done about it. Whether a control is met is for the auditor to judge.</p>`
