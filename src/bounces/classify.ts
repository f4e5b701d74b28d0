import { mailIdHeader, mailIdOf } from '../mail/return-path.ts'
import { type Arrived, headersIn } from './arrived.ts'
import { judgeReport, type Verdict } from './delivery-status.ts'

/** A mail of ours that came back. @property said status and diagnosis as the other server gave them, in any length */
export type Bounce = Verdict & { mailId: string }

/** Where the address stands to which it came: a mailbox's server adds some of these, and none of them is sure. */
const recipientHeaders = [
  'delivered-to',
  'x-original-to',
  'x-delivered-to',
  'envelope-to',
  'x-envelope-to',
  'original-recipient',
  'to'
]

/** @returns undefined for what is no bounce of ours */
export function classify(arrived: Arrived): Bounce | undefined {
  const mailId = mailOf(arrived)
  if (!mailId) return undefined
  const verdict = arrived.reports.length > 0 ? judgeReports(arrived) : judgeWithoutReport(arrived)
  return verdict && { mailId, ...verdict }
}

/** By the return path, which each mail has of its own; else by our header in what came back. */
function mailOf({ headers, originals }: Arrived): string | undefined {
  for (const name of recipientHeaders)
    for (const value of headers.get(name) ?? []) {
      const id = mailIdOf(value)
      if (id) return id
    }
  for (const original of originals) {
    const id = mailIdOf(headersIn(original).get(mailIdHeader.toLowerCase())?.[0] ?? '')
    if (id) return id
  }
  return undefined
}

/** Several reports in one message are nobody's habit: then it is not sure. */
function judgeReports({ reports, text }: Arrived): Verdict | undefined {
  const verdicts = reports.map((report) => judgeReport(report, text))
  const first = verdicts.find((verdict) => verdict !== undefined)
  if (!first) return undefined
  return { ...first, kind: verdicts.every((verdict) => verdict?.kind === 'hard') ? 'hard' : 'soft' }
}

/**
 * Without a report it is a bounce only where it looks like one; what it says is for people, so never for good.
 * Answers of absent people, of list servers and of read receipts come to the return path, too.
 */
function judgeWithoutReport(arrived: Arrived): Verdict | undefined {
  const { headers, text } = arrived
  if (/disposition-notification|feedback-report/i.test(all(headers, 'content-type'))) return undefined
  if (!isFromServer(headers) && (answersItself(headers) || !looksReturned(headers))) return undefined
  const line = text.split('\n').find((each) => /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b/.test(each))
  return { kind: 'soft', said: (line ?? all(headers, 'subject')).trim() || 'came back' }
}

type Headers = Arrived['headers']

const all = (headers: Headers, name: string) => headers.get(name)?.join(' ') ?? ''

/** Before `Auto-Submitted`: mail servers say that their bounces are "auto-replied". */
const isFromServer = (headers: Headers) =>
  headers.has('x-failed-recipients') ||
  /\b(mailer-daemon|postmaster|mail delivery (sub)?system)\b/i.test(all(headers, 'from'))

const answersItself = (headers: Headers) =>
  /auto-replied/i.test(all(headers, 'auto-submitted')) ||
  ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress', 'x-vacation'].some((name) =>
    headers.has(name)
  ) ||
  /auto.?reply/i.test(all(headers, 'precedence')) ||
  /^(auto(matic|matische)?[ -]?(reply|response|antwort)|out of (the )?office|abwesen|vacation)/i.test(
    all(headers, 'subject')
  )

const looksReturned = (headers: Headers) =>
  /^\s*<\s*>/.test(all(headers, 'return-path')) ||
  /undeliver|delivery (status|fail|has failed)|failure notice|returned (mail|to sender)|unzustellbar/i.test(
    all(headers, 'subject')
  )
