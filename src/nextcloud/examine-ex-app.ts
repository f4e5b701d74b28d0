import { refuseCommonFailures, unexpected } from './answer.ts'
import { parseEnvelope } from './ocs.ts'
import { storable } from './storable.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** An ExApp as it is registered at AppAPI. */
export type ExApp = { version: string; enabled: boolean }

export type ExAppCredentials = { id: string; version: string; secret: string }

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
  async function exAppIsTaken({ id, version, secret }: ExAppCredentials, signal: AbortSignal) {
    const call: Call = {
      method: 'GET',
      path: '/ocs/v2.php/apps/app_api/ex-app/state?format=json',
      name: 'ExApp state',
      signal,
      headers: {
        'ex-app-id': id,
        'ex-app-version': version,
        'authorization-app-api': Buffer.from(`:${secret}`).toString('base64')
      }
    }
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
