/** The table's rows, one for each participant. */
import type { Html } from '../../html.ts'
import { html, theirs, when } from './markup.ts'
import type { Action, Entry, Mail } from './report.ts'
import { outWords } from './summary.ts'

const looks: Partial<Record<Entry['state'], string>> = {
  confirmed: 'good',
  vouched: 'good',
  acted: 'good',
  failed: 'bad',
  bounced: 'warn',
  undelivered: 'warn',
  acting: 'warn',
  silent: 'warn'
}

export const personRow = (entry: Entry): string =>
  html`<tr>
<td><p><b>${theirs(entry.userId)}</b></p><p>${theirs(entry.displayName)}</p><p class="sub">${entry.backend}; last log-in ${entry.lastLogin ? when(entry.lastLogin) : 'never'}</p></td>
<td>${asked(entry)}</td>
<td>${answered(entry)}</td>
<td><p><span class="pill ${looks[entry.state] ?? 'none'}">${entry.state}</span>${entry.because && html` because: ${entry.because}`}</p>${entry.action && action(entry.action)}${problem(entry)}</td>
</tr>
`.text

function asked({ outBecause, mails, address, contact }: Entry): Html {
  if (outBecause)
    return html`<p><b>Not asked:</b> ${outWords[outBecause] ?? outBecause}</p>${address && html`<p class="sub">${theirs(address)}</p>`}`
  const first = mails[0]
  const changed = first !== undefined && address !== null && address !== first.address
  return html`${mails.length === 0 && html`<p>No mail was sent</p>`}${mails.map((each, n) => mail(each, mails[n - 1]))}
${(mails.length === 0 || changed) && address && html`<p class="sub">${changed && 'At the beginning: '}${theirs(address)}</p>`}
${contact && html`<p class="sub">Contact: ${theirs(contact)}</p>`}`
}

const stateWords: Record<Mail['state'], string> = {
  accepted: 'accepted by the mail server',
  refused: 'refused by the mail server',
  'not-sent': 'not sent',
  unknown: 'whether it was accepted is unknown',
  begun: 'being handed over'
}

const mail = ({ number, at, address, state, response, bounce }: Mail, before: Mail | undefined) =>
  html`<p><b>${number === 0 ? 'Invitation' : `Reminder ${number}`}</b> ${when(at)}${address !== before?.address && html` to ${theirs(address)}`}: ${stateWords[state]}${state !== 'accepted' && response && html` (${theirs(response)})`}${bounce && html`<br><span class="warn">came back (${bounce.kind}) ${when(bounce.at)}</span>${bounce.said && html`: ${theirs(bounce.said)}`}`}</p>`

const roles = { self: 'the person, by the mailed link', contact: 'contact', administrator: 'administrator' }

function answered({ answer, outBecause }: Entry): Html {
  if (!answer) return html`<p class="sub">${outBecause ? '–' : 'No answer'}</p>`
  return html`<p><b>${answer.answer}</b> ${answer.at && when(answer.at)}</p><p>by ${roles[answer.role]}${answer.role !== 'self' && html` ${theirs(answer.by)}`}</p>${answer.reason && html`<p>“${theirs(answer.reason)}”</p>`}`
}

function action({ operationId, kept, kind, state, finishedAt, done, verified, approval }: Action): Html {
  if (!kept)
    return html`<p>Operation <code>${operationId}</code> is no longer kept: operations are deleted after a time, and what it did was not written down before.</p>`
  const decided = approval?.decidedBy
  return html`<p><b>${kind}</b>: ${state}${finishedAt && html` ${when(finishedAt)}`}</p>
${done.length > 0 && html`<p>${done.join('; ')}</p>`}
${verified.length > 0 && html`<p class="good">${verified.join('; ')}</p>`}
${approval && html`<p>${approval.state} ${decided && html`by ${theirs(decided)}`} ${approval.decidedAt && when(approval.decidedAt)}${approval.reason && html` “${theirs(approval.reason)}”`}</p>${approval.hash && html`<p class="sub">list (SHA-256) <code>${approval.hash}</code></p>`}`}
<p class="sub">operation <code>${operationId}</code></p>`
}

function problem({ problem, action }: Entry): Html | null {
  const said = problem ?? action?.problem
  return said ? html`<p class="bad"><b>${said.title}</b> (${said.code}): ${theirs(said.detail)}</p>` : null
}
