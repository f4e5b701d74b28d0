import { refuseCommonFailures, unexpected } from './answer.ts'
import { type AppApi, appApiStateCall, headersOf } from './app-api.ts'
import { parseEnvelope } from './ocs.ts'
import { storable } from './storable.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** An ExApp as it is registered at AppAPI. */
export type ExApp = { version: string; enabled: boolean }

/** What AppAPI says of an ExApp, to the admin and to the app itself. */
export function examineExAppCalls(wire: Wire, ask: Wire['send']) {
  /** @returns undefined where it is not registered */
  async function exApp(id: string, signal: AbortSignal): Promise<ExApp | undefined> {
    const path = `/apps/app_api/api/v1/ex-app/info/${encodeURIComponent(id)}`
    const { statuscode, data } = await wire.ocs({ method: 'GET', path, name: 'ExApp', signal })
    if (statuscode === 404 || statuscode === 998) return undefined
    const { version, enabled } = (data ?? {}) as Record<string, unknown>
    return { version: storable(String(version)), enabled: Boolean(enabled) }
  }

  /**
   * Whether AppAPI takes the secret. A wrong one counts as an attempt of our address (one of its own kind, no
   * failed log-in). A version above the registered one would be written down there: say the registered one.
   */
  async function exAppIsTaken(credentials: AppApi, signal: AbortSignal) {
    const call: Call = { ...appApiStateCall(headersOf(credentials)), signal }
    return ask(call, (answer) => {
      refuseCommonFailures(answer)
      const statuscode = parseEnvelope(answer.body)?.statuscode
      if (statuscode === 200) return true
      if (statuscode === 997 || statuscode === 401) return false
      throw unexpected(call, answer)
    })
  }

  return { exApp, exAppIsTaken }
}
