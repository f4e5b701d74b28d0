import { storable } from '../db/storable.ts'
import { isTooManyAttempts, refuseCommonFailures, unexpected } from './answer.ts'
import { NextcloudError } from './errors.ts'
import type { Grant, Limits } from './limits.ts'
import type { Answer, Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** @param timeoutMs Nextcloud 31 lets a caller wait up to 50 s */
export function lostPasswordCalls(wire: Wire, limits: Limits, timeoutMs: number) {
  /**
   * Has Nextcloud send its "forgot password" mail. "Success" is said always (fact 3): it means
   * *requested*, never *sent*.
   * @throws NextcloudError busy: nothing was sent; not-allowed: switched off; effect-unknown
   */
  async function requestResetMail(userId: string, grant: Grant): Promise<void> {
    const call: Call = {
      method: 'POST',
      path: '/index.php/lostpassword/email',
      name: 'request reset mail',
      form: { user: userId },
      effect: true,
      freshConnection: true,
      timeoutMs
    }
    await limits.spend(grant, (beforeSend) =>
      wire.send({ ...call, beforeSend }, (answer) => readAnswer(call, answer))
    )
  }

  return { requestResetMail }
}

function readAnswer(call: Call, answer: Answer): void {
  if (isTooManyAttempts(answer)) {
    // Nextcloud refuses the twelfth attempt in half an hour before anything is done, but the eleventh after it
    // was: the mail is out, and the answer is the same.
    throw new NextcloudError(
      'effect-unknown',
      'Nextcloud refused with 429 "Too many requests", as it also does right after it has sent the mail.',
      { isLimit: true }
    )
  }
  refuseCommonFailures(answer)
  let said: { status?: unknown; msg?: unknown } | undefined
  try {
    said = JSON.parse(answer.body)
  } catch {}
  if (answer.status === 200 && said?.status === 'success') return
  if (answer.status === 200 && said?.status === 'error') {
    throw new NextcloudError(
      'not-allowed',
      `Nextcloud sent no mail. It said: "${storable(String(said.msg).slice(0, 200))}"`
    )
  }
  throw unexpected(call, answer)
}
