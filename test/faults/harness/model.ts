/**
 * What must have come of an operation, worked out from the plan alone, and compared with the database and the
 * simulated Nextcloud. Each deviation names the promise that it breaks.
 */
import { stepsByName } from '../../../src/operations/plan.ts'
import type { Credential, Sandbox } from '../../../src/sandbox/index.ts'
import { type CallName, mayLeaveMailUnknown, plays } from './faults.ts'
import { groups, managerOf, type Subject } from './subject.ts'

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

/** What the simulated Nextcloud knows of a user; numbers of each. */
export type Truth = {
  enabled: boolean
  tokens: number
  /** Those of them that are log-ins of ours: nobody has them. */
  own: number
  wipePending: number
  passkeys: number
  publicLinks: number
  federatedShares: number
  resetLink: number
  groups: number
}

const isOurs = (name: string) => name.startsWith('Locksmith')

export function truthOf(sandbox: Sandbox, userId: string): Truth {
  const { enabled, pendingLink, groups } = sandbox.users().find(({ id }) => id === userId)!
  const tokens = sandbox.tokens(userId)
  const wiped = tokens.filter(({ type }) => type === 2).length
  const shares = (type: number) => sandbox.shares(userId).filter((share) => share.type === type).length
  return {
    enabled,
    tokens: tokens.length - wiped,
    own: tokens.filter(({ name, type }) => type !== 2 && isOurs(name)).length,
    wipePending: wiped,
    passkeys: sandbox.passkeys(userId).length,
    publicLinks: shares(3),
    federatedShares: shares(6),
    resetLink: pendingLink ? 1 : 0,
    groups: groups.length
  }
}

/** What is known of one operation when everything is still. */
export type Evidence = {
  subject: Subject
  credentials: Credential[]
  /** Its process was killed or stopped at the mail, on account of another operation. */
  alongsideAtMail: boolean
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers
  first: any
  /** How it was in Nextcloud then. */
  truth: Truth
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers, after a person's retry where one was needed
  last: any
  /** How often a person had to. */
  retries: number
  /** And that they had to ask for a new operation, which is the last one then. */
  anew: boolean
  /** How many deletions of the account are put off. */
  deletions: number
  // biome-ignore lint/suspicious/noExplicitAny: as the API answers
  audit: any[]
  sandbox: Sandbox
}

export function judge(evidence: Evidence): Broken[] {
  const broken: Broken[] = []
  const check = (promise: Promise_, what: string, holds: boolean) => {
    if (!holds) broken.push({ promise, what })
  }
  const { sandbox, subject, first, last, truth } = evidence
  judgeEnd(evidence, check)
  judgeClaims(first.outcome, truth, isLasting(subject), check)
  judgeClaims(last.outcome, truthOf(sandbox, subject.id), false, check)
  if (plays[subject.play].kind === 'offboard') judgeLeaver(evidence, check)
  if (!evidence.anew) {
    judgeMail(evidence, check)
    judgeAudit(evidence, check)
  }
  judgeWindows(evidence, check)
  const most = sandbox.counters().maxConcurrentPerUser[subject.id] ?? 0
  // A deletion that we gave up goes on at Nextcloud beside what we do next, and what is gone is gone.
  check('One at a time', 'two calls that change the user overlapped', most <= 1 || isLateDelete(subject))
  // Last, since it changes things: the person comes back.
  judgeAccess(evidence, check)
  return broken
}

/** The call never worked. */
const isNever = ({ hit }: Subject, call: CallName) =>
  hit.do === 'remote' && hit.lasting === true && hit.call === call
const isLasting = ({ hit }: Subject) => hit.do === 'remote' && hit.lasting === true
const revokes = ({ play }: Subject) => ['reset', 'enable', 'offboard'].includes(plays[play].kind)
const wipes = ({ play, options }: Subject) => play === 'wipe' || options.wipe === true

/**
 * Arrives when its session is gone: its Basic auth is a log-in then, which ends a mailed link if the last one is
 * more than a minute ago. Here 1.3 s are four minutes; of a real Nextcloud it would have to take that long.
 */
const isLateDelete = ({ hit }: Subject) =>
  hit.do === 'remote' && hit.call === 'delete token' && hit.kind === 'late'

type Check = (promise: Promise_, what: string, holds: boolean) => void

function judgeEnd({ subject, alongsideAtMail, first, last, anew, sandbox }: Evidence, check: Check): void {
  const hasMail = subject.mail !== 'none' || subject.options.manager !== undefined
  const mayAsk = hasMail && (mayLeaveMailUnknown(subject.hit) || alongsideAtMail)
  const asked = first.state === 'needs-attention'
  check('Nobody is stranded', `it ended as ${last.state} (${last.problem?.code})`, last.state === 'succeeded')
  check(
    'Only the truth',
    `a person was asked without need: ${first.problem?.code}`,
    !asked || isLasting(subject) || (mayAsk && first.problem?.code === 'delivery-unknown')
  )
  const { after } = plays[subject.play]
  const { enabled } = truthOf(sandbox, subject.id)
  check(after ? 'Nobody is stranded' : 'Locked means locked', `enabled: ${enabled}`, enabled === after)
  const held = subject.sessions + subject.appPasswords
  const toWipe = sandbox.tokens(subject.id).filter(({ type, name }) => type === 2 && !isOurs(name)).length
  // What could not be told so is revoked all the same.
  if (isNever(subject, 'wipe devices')) return
  // A device learns of the wipe by its token, and by nothing else.
  if (wipes(subject)) check('Only the truth', `${toWipe} of ${held} are to wipe`, toWipe === held)
  if (!revokes(subject) || anew) return
  const [sessions, appPasswords] = wipes(subject) ? [0, 0] : [subject.sessions, subject.appPasswords]
  check(
    'Only the truth',
    `revoked ${JSON.stringify(last.outcome.revoked)}, but there were ${sessions} and ${appPasswords}`,
    last.outcome.revoked?.sessions === sessions && last.outcome.revoked?.appPasswords === appPasswords
  )
  check('Only the truth', `remaining ${last.outcome.remaining}`, last.outcome.remaining === 0)
}

/**
 * What an outcome says is so, or `unknown`; whatever became of the operation.
 * @param isCutOff since it looked it did things of which it cannot know: then it may be less than it says
 */
// biome-ignore lint/suspicious/noExplicitAny: as the API answers
function judgeClaims(outcome: any, truth: Truth, isCutOff: boolean, check: Check): void {
  const { residualAccess, passkeys, shares, remaining, enabled, wipePending } = outcome
  const claims = {
    enabled,
    tokens: remaining,
    wipePending,
    passkeys: passkeys?.remaining,
    publicLinks: shares?.publicLinks,
    federatedShares: shares?.federatedShares
  }
  for (const claimed of [claims, residualAccess ?? {}])
    for (const [what, says] of Object.entries(claimed)) {
      const is = what === 'tokens' && isCutOff ? truth.tokens - truth.own : truth[what as keyof Truth]
      const isSo = says === is || (isCutOff && (says as number | boolean) > is)
      const holds = says === undefined || says === 'unknown' || isSo
      check('Only the truth', `${what}: ${says} is claimed, and it is ${is}`, holds)
    }
}

/** A leaver is locked out as far as it goes; and in the end all that was asked for is done, and once. */
function judgeLeaver(evidence: Evidence, check: Check): void {
  const { subject, first, truth: then, last, sandbox, retries, anew, deletions, audit } = evidence
  const [looked, ...steps] = first.steps as { name: string; state: string }[]
  const untried = steps.filter(({ state }) => state === 'pending' || state === 'waiting')
  // Nothing comes before disabling who was let in.
  if (looked!.state === 'done' && !(isNever(subject, 'disable user') && !plays[subject.play].before))
    check('Locked means locked', `not tried: ${untried.map(({ name }) => name)}`, untried.length === 0)
  const isDisabled = steps.some(({ name, state }) => name === 'disable-user' && state === 'done')
  check('Locked means locked', 'it is over, and the user is enabled', !isDisabled || !then.enabled)
  const { shares, groups: leaves, deleteAfter, manager } = subject.options
  if (anew) return
  const { outcome } = last
  const truth = truthOf(sandbox, subject.id)
  const left = truth.passkeys + (shares ? truth.publicLinks + truth.federatedShares : 0)
  check('Locked means locked', 'a passkey or a share is left', left === 0)
  check('Only the truth', `passkeys ${JSON.stringify(outcome.passkeys)}`, outcome.passkeys?.deleted === 1)
  if (shares)
    check('Only the truth', `shares ${JSON.stringify(outcome.shares)}`, outcome.shares.deleted === 2)
  const out = leaves ? groups : []
  check('Only the truth', `in ${truth.groups} groups`, truth.groups === groups.length - out.length)
  check(
    'Only the truth',
    `left ${outcome.groupsRemoved}`,
    JSON.stringify(outcome.groupsRemoved?.toSorted() ?? []) === JSON.stringify(out)
  )
  check('Only the truth', `${deletions} deletions`, deletions === (deleteAfter ? 1 : 0))
  const notices = sandbox.mails({ to: managerOf(subject.id) }).length
  check('Nobody is stranded', 'nobody told the manager', !manager || notices > 0)
  check('Only the truth', `${notices} notices`, notices <= (manager ? 1 + retries : 0))
  const intended = audit.filter(
    ({ action, details }) => action === 'step.intended' && details.step === 'notify-manager'
  )
  check('Said before done', 'more notices than intents', notices <= intended.length)
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
    const isNone = delivery === undefined || delivery === 'not-requested'
    check('Only the truth', `delivery ${delivery} of a mail nobody wanted`, isNone)
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
  for (const [effect, steps] of Object.entries(intentsOf)) {
    const count = effects.filter((call) => call.effects.some((one) => one.effect === effect)).length
    const intended = audit.filter(
      ({ action, details }) => /intended/.test(action) && steps.includes(details.step)
    ).length
    check('Said before done', `${effect}: ${count}, and ${intended} intents`, count <= intended)
  }
  const began = Math.min(...of('step.intended').map(({ at }) => Date.parse(at)))
  // Both clocks are of this machine, and cut to milliseconds: that is a second of theirs.
  check(
    'Said before done',
    'an effect before any intent',
    effects.every(({ at }) => at >= began - 1_000)
  )
}

/** What surely needs an intent of its own each time, by the sandbox's name for it. */
const intentsOf: Record<string, string[]> = {
  'set password': ['replace-password'],
  enable: ['enable-user', 'enable-briefly'],
  // And by undoing these.
  disable: ['disable-user', 'enable-user', 'enable-briefly'],
  wipe: ['wipe-devices'],
  'mail reset link': ['send-reset-mail']
}

/**
 * Whoever was let in while what was issued before may be alive is disabled first when the operation goes on after a
 * crash or a pause, and before it ends; and a leaver's outcome says when.
 */
function judgeWindows({ subject, audit, first, last, anew, sandbox }: Evidence, check: Check): void {
  const canClose = !isNever(subject, 'disable user')
  let open: string | undefined
  let isCutOff = false
  // Newest first.
  for (const { action, details } of audit.toReversed()) {
    const goesOn = /^step\.(intended|undo-intended)$/.test(action)
    if (goesOn && open && isCutOff)
      check(
        'Locked means locked',
        `${open} was left open at ${details.step}`,
        action === 'step.undo-intended'
      )
    if (goesOn) isCutOff = false
    if (action === 'operation.taken-over' || action === 'step.waiting') isCutOff = true
    if (/^operation\.(succeeded|needs-attention|failed|cancelled)$/.test(action) && canClose)
      check('Locked means locked', `it ended, and ${open} was open`, open === undefined)
    if (action === 'step.intended' && stepsByName.get(details.step)?.opens) open = details.step
    const isUndone = action === 'step.undone' && details.step === open
    const until = open && stepsByName.get(open)!.opens!.until
    if (isUndone || (action === 'step.done' && details.step === until)) open = undefined
  }
  if (subject.play !== 'offboard of a disabled user') return
  const { epoch, speed } = sandbox.clock
  const changes = sandbox.enabledHistory(subject.id).filter(({ by }) => by === 'admin')
  for (const operation of anew ? [first] : [first, last]) {
    const over = Date.parse(operation.finishedAt)
    for (const [n, { enabled, at }] of changes.entries()) {
      if (!enabled || at > over) continue
      const real = (at: number) => epoch + (at - epoch) / speed
      const [from, to] = [at, Math.min(changes[n + 1]?.at ?? over, over)].map(real) as [number, number]
      const told = JSON.stringify(operation.outcome.windows)
      check('Only the truth', `let in at ${from} until ${to}, and told ${told}`, isTold(operation, from, to))
    }
  }
}

/** Whether the windows, which may follow one another at once, tell of that time; milliseconds. */
// biome-ignore lint/suspicious/noExplicitAny: as the API answers
function isTold({ outcome }: any, from: number, to: number): boolean {
  let until = from
  // Cut to milliseconds.
  for (const told of outcome.windows ?? [])
    if (Date.parse(told.from) <= until + 1) until = Math.max(until, Date.parse(told.to ?? '9999-12-31'))
  return until >= to - 1
}

/** The person follows the link, or is helped where there is none; nothing from before may come back. */
function judgeAccess({ subject, credentials, sandbox }: Evidence, check: Check): void {
  const { id, play } = subject
  const { kind } = plays[play]
  if (kind === 'reset-mail') return
  const works = (credential: Credential) => sandbox.tryCredential(credential) === 200
  const alive = () => credentials.filter(works)
  if (kind === 'disable') {
    check('Locked means locked', 'a disabled user gets in', alive().length === 0)
    return
  }
  if (kind === 'wipe') {
    // The password stays.
    check('Locked means locked', 'a device gets in', !credentials.slice(0, -1).some(works))
    return
  }
  check('Locked means locked', 'something from before works', alive().length === 0)
  // As an administrator may do in Nextcloud itself.
  if (kind === 'offboard') sandbox.updateUser(id, { enabled: true })
  const { tokens } = truthOf(sandbox, id)
  check('Locked means locked', 'something from before works once enabled', alive().length === 0)
  const names = sandbox.tokens(id).map(({ name, type }) => `${name} (${type})`)
  check('Locked means locked', `tokens left: ${names.join(', ')}`, tokens === 0)
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
