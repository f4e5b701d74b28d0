import type { Step } from './step.ts'
import { checkUser } from './steps/check-user.ts'
import { replacePassword } from './steps/replace-password.ts'
import { revokeTokens } from './steps/revoke-tokens.ts'
import { sendResetMail } from './steps/send-reset-mail.ts'

/**
 * The password goes first: revoking while the old one works lets a thief log straight back in.
 * The mail goes last: our own log-in as the user would kill its link.
 */
export const resetSteps: Step[] = [checkUser, replacePassword, revokeTokens, sendResetMail]
