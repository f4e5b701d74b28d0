import { refuseCommonFailures, unexpected } from './answer.ts'
import { NextcloudError } from './errors.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

export function lostPasswordCalls(wire: Wire) {
  /**
   * Has Nextcloud send its "forgot password" mail. "Success" is said always (fact 3): it means
   * *requested*, never *sent*. Each call slows down the next from our address, up to 50 s and then 429.
   * @throws NextcloudError busy: nothing was sent; not-allowed: switched off; effect-unknown
   */
  async function requestResetMail(userId: string): Promise<void> {
    const call: Call = {
      method: 'POST',
      path: '/index.php/lostpassword/email',
      name: 'request reset mail',
      form: { user: userId },
      effect: true,
      freshConnection: true,
      timeoutMs: 90_000
    }
    const answer = await wire.send(call)
    refuseCommonFailures(answer)
    let said: { status?: unknown; msg?: unknown } | undefined
    try {
      said = JSON.parse(answer.body)
    } catch {}
    if (answer.status === 200 && said?.status === 'success') return
    if (answer.status === 200 && said?.status === 'error') {
      throw new NextcloudError(
        'not-allowed',
        `Nextcloud sent no mail. It said: "${String(said.msg).slice(0, 200)}"`
      )
    }
    throw unexpected(call, answer)
  }

  return { requestResetMail }
}
