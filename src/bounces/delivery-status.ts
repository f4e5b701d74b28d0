import { isNoSuchRecipient, refusesRecipient, statusIn } from '../mail/no-such-recipient.ts'
import { headersIn } from './arrived.ts'

/** What a report (RFC 3464) says of one recipient. */
type OfRecipient = { action: string; status: string; diagnosis: string }

/** A mail that came back: for good, since there is nobody at that address; or for any other reason. */
export type Verdict = { kind: 'hard' | 'soft'; said: string }

/**
 * What a report comes to, for a mail that had one recipient.
 * @param text what stands beside it for people: Postfix says there, and only there, what was answered to
 * @returns undefined where nothing came back: delivered, or handed on
 */
export function judgeReport(report: string, text: string): Verdict | undefined {
  const recipients = groupsOf(report)
  const troubles = recipients.filter(({ action }) => action === 'failed' || action === 'delayed')
  const first = troubles[0]
  if (!first) return undefined
  // An address that stands for several people reached somebody where not all of them are unknown.
  const hard = troubles.length === recipients.length && troubles.every((one) => isHard(one, text))
  return { kind: hard ? 'hard' : 'soft', said: `${first.status} ${first.diagnosis}`.trim() }
}

/** Groups of fields, parted by empty lines: the first is about the message, each other about a recipient. */
const groupsOf = (report: string): OfRecipient[] =>
  report
    .replaceAll('\r', '')
    .split(/\n[ \t]*\n/)
    .slice(0, 100)
    .map(headersIn)
    .filter((fields) => fields.has('action') || fields.has('status'))
    .map((fields) => {
      const value = (name: string) => fields.get(name)?.[0] ?? ''
      return {
        action: (/^[a-z]+/i.exec(value('action'))?.[0] ?? '').toLowerCase(),
        status: statusIn(value('status')) ?? '',
        // `smtp; 550 …`: of which kind it is says nothing that matters.
        diagnosis: value('diagnostic-code').replace(/^[\w-]+\s*;\s*/, '')
      }
    })

function isHard({ action, status, diagnosis }: OfRecipient, text: string): boolean {
  if (action !== 'failed') return false
  const inner = statusIn(diagnosis)
  // Two that differ: the kinder one. Some make "no such user" of any refusal.
  if (status && !/^5\.0\.0$/.test(status))
    return isNoSuchRecipient(status, diagnosis) && (!inner || isNoSuchRecipient(inner, diagnosis))
  if (inner) return isNoSuchRecipient(inner, diagnosis)
  // A bare 550 means the recipient only where it answered to that.
  return /in reply to RCPT TO command/.test(text) && refusesRecipient(diagnosis)
}
