import type { Step } from './step.ts'
import { checkUser } from './steps/check-user.ts'
import { sendResetMail } from './steps/send-reset-mail.ts'

/** Only has the "forgot password" mail sent; nothing of the user's access changes. */
export const resetMailSteps: Step[] = [checkUser, sendResetMail]
