/** Which steps an operation consists of, for the user at hand. The order of each kind is its heart. */
import { problemOf } from '../errors.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { Choice, Refusal } from '../revocation/choose.ts'
import type { Input, Kind, Outcome } from './operation.ts'
import type { Planned, Step } from './step.ts'
import { checkUser } from './steps/check-user.ts'
import { deleteAccount } from './steps/delete-account.ts'
import { deleteShares } from './steps/delete-shares.ts'
import { disableUser } from './steps/disable-user.ts'
import { enableBriefly, enableUser } from './steps/enable-user.ts'
import { leaveGroups, restoreGroups } from './steps/groups.ts'
import { notifyManager } from './steps/notify-manager.ts'
import { putOffDeletion } from './steps/put-off-deletion.ts'
import { removeSecondFactors } from './steps/remove-second-factors.ts'
import { replacePassword } from './steps/replace-password.ts'
import { reportResidualAccess } from './steps/report-residual-access.ts'
import { revokeTokens } from './steps/revoke-tokens.ts'
import { sendResetMail } from './steps/send-reset-mail.ts'
import { wipeDevices } from './steps/wipe-devices.ts'

/** What the order depends on. */
export type Case = {
  user: Pick<NextcloudUser, 'enabled' | 'canSetPassword' | 'groups'>
  providers: string[]
  /** How tokens are to be revoked. */
  choice: Choice | undefined
  /** Why they cannot be. */
  refused: Refusal | undefined
  /** Why the password cannot be replaced. */
  noReplacement: Refusal | undefined
}

const plans: Record<Kind, (input: Input, known: Case) => Planned[]> = {
  reset: planReset,
  'reset-mail': () => all(checkUser, sendResetMail),
  revoke: planRevoke,
  disable: () => all(checkUser, disableUser),
  enable: planEnable,
  wipe: () => all(checkUser, wipeDevices),
  offboard: planOffboard,
  reinstate: planReinstate,
  delete: () => all(checkUser, deleteAccount)
}

/**
 * The steps of an operation. Those that are known not to be possible for this user are there, too, and say why not.
 * @param known left out: what it will be for most people, until the first step knows
 */
export const planOf = (kind: Kind, input: Input, known: Case = usual(kind)): Planned[] =>
  plans[kind](input, known)

const usual = (kind: Kind): Case => ({
  user: { enabled: kind !== 'enable' && kind !== 'reinstate', canSetPassword: true, groups: [] },
  providers: [],
  choice: { name: 'session', because: '' },
  refused: undefined,
  noReplacement: undefined
})

export const isPlanned = (plan: Planned[], wanted: Step): boolean =>
  plan.some(({ step, not }) => step === wanted && !not)

/**
 * The password goes first: revoking while the old one works lets a thief log straight back in.
 * The mail goes last: our own log-in as the user would kill its link.
 */
function planReset(input: Input, known: Case): Planned[] {
  const { noReplacement, user } = known
  const isElsewhere = !user.canSetPassword ? noReplacement : undefined
  return [
    ...all(checkUser),
    unless(isElsewhere, replacePassword, { passwordReplaced: false }),
    ...secondFactors(input, known),
    ...all(revokeTokens),
    unless(isElsewhere, sendResetMail, { mail: { via: input.mail, delivery: 'not-requested' } })
  ]
}

/** Where the password has to be replaced for it, the mail is included: so nobody is stranded. */
function planRevoke(input: Input, known: Case): Planned[] {
  return needsLogIn(known)
    ? all(checkUser, replacePassword, ...list(secondFactors(input, known)), revokeTokens, sendResetMail)
    : all(checkUser, revokeTokens)
}

/** Nothing from before comes back: revoked before the user is let in where that can be, and else right after. */
function planEnable(input: Input, known: Case): Planned[] {
  if (known.user.enabled || input.revoke === 'none') return all(checkUser, enableUser)
  return needsLogIn(known)
    ? all(
        checkUser,
        replacePassword,
        ...list(secondFactors(input, known)),
        enableUser,
        revokeTokens,
        sendResetMail
      )
    : all(checkUser, revokeTokens, enableUser)
}

/** As `enable`, and the person who came back gets the mail: an off-boarding left a password that nobody knows. */
function planReinstate(input: Input, known: Case): Planned[] {
  const back = planEnable(input, known).filter(({ step }) => step !== sendResetMail)
  const groups = input.restoreGroups ? all(restoreGroups) : []
  if (known.user.enabled) return [...back, ...groups]
  const isElsewhere = !known.user.canSetPassword ? known.noReplacement : undefined
  return [
    ...back,
    ...groups,
    unless(isElsewhere, sendResetMail, { mail: { via: input.mail, delivery: 'not-requested' } })
  ]
}

/**
 * Without a log-in the user is disabled first. A log-in needs the user enabled: then the password goes first, and
 * a user who was disabled already is let in for no longer than it takes.
 * Devices are told to wipe before tokens are deleted: they learn of it through theirs (fact 9).
 */
function planOffboard(input: Input, known: Case): Planned[] {
  const { user, choice, refused, noReplacement } = known
  const logsIn = needsLogIn(known)
  return [
    ...all(checkUser),
    ...all(...(logsIn ? [] : [disableUser])),
    unless(noReplacement, replacePassword, { passwordReplaced: false }),
    ...(logsIn ? secondFactors(input, known) : []),
    ...all(...(logsIn && !user.enabled ? [enableBriefly] : [])),
    ...all(...(input.wipe ? [wipeDevices] : [])),
    unless(choice ? undefined : refused, revokeTokens, { remaining: 'unknown' }),
    ...(input.shares === 'delete' ? [unless(logsIn ? undefined : noLogIn, deleteShares, {})] : []),
    ...all(...(logsIn ? [disableUser] : [])),
    ...all(...(input.groups ? [leaveGroups] : [])),
    ...all(...(input.deleteAfter ? [putOffDeletion] : [])),
    ...all(reportResidualAccess),
    ...all(...(input.manager ? [notifyManager] : []))
  ]
}

const noLogIn: Refusal = {
  code: 'cannot-act-as-user',
  because:
    'Shares can only be deleted logged in as the user, which cannot be done here. Delete them in Nextcloud, or with the account.'
}

const needsLogIn = ({ choice }: Case) => choice?.name === 'session'

/** Removed after the password is replaced: or the old one would be enough to get in. */
const secondFactors = ({ twoFactor }: Input, { providers }: Case) =>
  twoFactor === 'remove' && providers.length > 0 ? all(removeSecondFactors) : []

const all = (...steps: Step[]): Planned[] => steps.map((step) => ({ step }))
const list = (planned: Planned[]): Step[] => planned.map(({ step }) => step)

const unless = (refusal: Refusal | undefined, step: Step, outcome: Outcome): Planned =>
  refusal
    ? { step, not: { problem: problemOf(refusal.code, refusal.because, refusal.extra), outcome } }
    : { step }

/** Every step there is, by its name in the database. */
export const stepsByName: ReadonlyMap<string, Step> = new Map(
  [
    checkUser,
    replacePassword,
    removeSecondFactors,
    enableBriefly,
    enableUser,
    disableUser,
    wipeDevices,
    revokeTokens,
    deleteShares,
    leaveGroups,
    restoreGroups,
    putOffDeletion,
    deleteAccount,
    reportResidualAccess,
    notifyManager,
    sendResetMail
  ].map((step) => [step.name, step])
)
