/**
 * What must have come of an operation, worked out from the plan alone, and compared with the database and the
 * simulated Nextcloud. Each deviation names the promise that it breaks.
 */
import type { Credential, Sandbox } from '../../../src/sandbox/index.ts'
import { mayLeaveMailUnknown } from './faults.ts'
import type { Subject } from './subject.ts'

export const promises = [
  'Locked means locked',
  'Nobody is stranded',
  'Nobody knows the password',
  'One at a time',
  'Said before done',
  'Only the truth',
  'Polite'
] as const
export type Promise_ = (typeof promises)[number]

export type Broken = { promise: Promise_; what: string }

/** What is known of one operation when everything is still. */
export type Evidence = {
  subject: Subject
  credentials: Credential[]
  /** Its process was killed or stopped at the mail, on account of another operation. */
  alongsideAtMail: boolean
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers
  first: any
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers, after a person's retry where one was needed
  last: any
  /** How often a person had to. */
  retries: number
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers
  audit: any[]
  sandbox: Sandbox
}

export function judge(evidence: Evidence): Broken[] {
  const broken: Broken[] = []
  const check = (promise: Promise_, what: string, holds: boolean) => {
    if (!holds) broken.push({ promise, what })
  }
  judgeEnd(evidence, check)
  judgeMail(evidence, check)
  judgeAudit(evidence, check)
  const { sandbox, subject } = evidence
  const most = sandbox.counters().maxConcurrentPerUser[subject.id] ?? 0
  // A deletion that we gave up goes on at Nextcloud beside what we do next, and what is gone is gone.
  check('One at a time', 'two calls that change the user overlapped', most <= 1 || isLateDelete(subject))
  // Last, since it changes things: the person comes back.
  if (subject.kind === 'reset') judgeAccess(evidence, check)
  return broken
}

/**
 * Arrives when its session is gone: its Basic auth is a log-in then, which ends a mailed link if the last one is
 * more than a minute ago. Here 1.3 s are four minutes; of a real Nextcloud it would have to take that long.
 */
const isLateDelete = ({ hit }: Subject) =>
  hit.do === 'remote' && hit.call === 'delete token' && hit.kind === 'late'

type Check = (promise: Promise_, what: string, holds: boolean) => void

function judgeEnd({ subject, alongsideAtMail, first, last }: Evidence, check: Check): void {
  const mayAsk = subject.mail === 'nextcloud' && (mayLeaveMailUnknown(subject.hit) || alongsideAtMail)
  const mayAskSmtp = subject.mail === 'smtp' && alongsideAtMail
  const asked = first.state === 'needs-attention'
  check('Nobody is stranded', `it ended as ${last.state} (${last.problem?.code})`, last.state === 'succeeded')
  check(
    'Only the truth',
    `a person was asked without need: ${first.problem?.code}`,
    !asked || ((mayAsk || mayAskSmtp) && first.problem?.code === 'delivery-unknown')
  )
  if (subject.kind !== 'reset') return
  const { sessions, appPasswords } = subject
  check(
    'Only the truth',
    `revoked ${JSON.stringify(last.outcome.revoked)}, but there were ${sessions} and ${appPasswords}`,
    last.outcome.revoked?.sessions === sessions && last.outcome.revoked?.appPasswords === appPasswords
  )
  check('Only the truth', `remaining ${last.outcome.remaining}`, last.outcome.remaining === 0)
}

function judgeMail({ subject, first, last, retries, sandbox, audit }: Evidence, check: Check): void {
  const mails = sandbox.mails({ to: `${subject.id}@example.org` })
  const links = mails.flatMap((mail) => {
    const link = sandbox.linkOf(mail)
    return link?.includes('/lostpassword/') ? [link] : []
  })
  const ours = mails.filter(({ text }) => text.includes('Locksmith') || text.includes('access'))
  const delivery = last.outcome.mail?.delivery
  if (subject.mail === 'none') {
    check('Only the truth', `delivery ${delivery} of a mail nobody wanted`, delivery === 'not-requested')
    check('Only the truth', 'a mail nobody wanted', links.length === 0)
    return
  }
  if (subject.mail === 'smtp') {
    check('Only the truth', `delivery ${delivery}`, delivery === 'accepted')
    check('Nobody is stranded', 'no mail of ours', ours.length > 0)
    return
  }
  check('Only the truth', `delivery ${delivery}`, delivery === 'requested')
  check('Nobody is stranded', 'no mail with a link', links.length > 0)
  check('Only the truth', `${links.length} mails`, links.length <= 1 + retries)
  if (first.state === 'succeeded') check('Only the truth', 'two mails without a retry', links.length === 1)
  const intended = audit.filter(
    ({ action, details }) => action === 'step.intended' && details.step === 'send-reset-mail'
  )
  check('Said before done', 'more mails than intents', links.length <= intended.length)
}

function judgeAudit({ subject, audit, sandbox, retries }: Evidence, check: Check): void {
  const of = (action: string, step?: string) =>
    audit.filter((event) => event.action === action && (step === undefined || event.details.step === step))
  check('Only the truth', 'requested once', of('operation.requested').length === 1)
  check('Only the truth', 'one end', of('operation.succeeded').length === 1)
  check('Only the truth', 'one retry', of('operation.retried').length === retries)
  const done = audit
    .filter(({ action }) => action === 'step.done')
    .map(({ details }) => `${details.step} ${details.attempt}`)
  // After a retry the check comes first again, and counts on.
  check('Only the truth', `a step done twice: ${done}`, new Set(done).size === done.length)
  const effects = sandbox
    .calls()
    .filter((call) => call.effects.some(({ userId }) => userId === subject.id))
    .filter(({ userAgent }) => userAgent.startsWith('Locksmith'))
  const puts = effects.filter(({ method }) => method === 'PUT')
  const intended = of('step.intended', 'replace-password')
  check('Said before done', `${puts.length} PUTs, ${intended.length} intents`, puts.length <= intended.length)
  const began = Math.min(...of('step.intended').map(({ at }) => Date.parse(at)))
  // Both clocks are of this machine, and cut to milliseconds: that is a second of theirs.
  check(
    'Said before done',
    'an effect before any intent',
    effects.every(({ at }) => at >= began - 1_000)
  )
}

/** The person follows the link, or is helped where there is none; nothing from before may come back. */
function judgeAccess({ subject, credentials, sandbox }: Evidence, check: Check): void {
  const { id } = subject
  const alive = () => credentials.filter((credential) => sandbox.tryCredential(credential) === 200)
  check('Locked means locked', 'something from before works', alive().length === 0)
  check('Locked means locked', `tokens left: ${sandbox.tokens(id).length}`, sandbox.tokens(id).length === 0)
  const fresh = `New-Password-of-${id}`
  const links = sandbox
    .mails({ to: `${id}@example.org` })
    .map((mail) => sandbox.linkOf(mail))
    .filter((link) => link?.includes('/lostpassword/'))
  for (const link of links.slice(0, -1))
    check(
      'Locked means locked',
      'an older link works',
      !sandbox.completeReset(link!, 'Not-This-Password-1').ok
    )
  const link = links.at(-1)
  const isBack = link !== undefined && sandbox.completeReset(link, fresh).ok
  if (subject.mail === 'nextcloud' && !isLateDelete(subject))
    check('Nobody is stranded', 'the newest link is dead', isBack)
  if (!isBack) sandbox.updateUser(id, { password: fresh })
  check('Nobody is stranded', 'the person cannot log in', sandbox.loginAsPerson(id, fresh).ok)
  check('Locked means locked', 'something came back when the person logged in', alive().length === 0)
}
