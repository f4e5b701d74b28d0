import { storable } from '../db/storable.ts'
import type { Wire } from './wire.ts'

/** An ExApp as it is registered at AppAPI. */
export type ExApp = { version: string; enabled: boolean }

/** What AppAPI says of an ExApp to the admin. */
export function examineExAppCalls(wire: Wire) {
  /** @returns undefined where it is not registered */
  async function exApp(id: string, signal: AbortSignal): Promise<ExApp | undefined> {
    const path = `/apps/app_api/api/v1/ex-app/info/${encodeURIComponent(id)}`
    const { statuscode, data } = await wire.ocs({ method: 'GET', path, name: 'ExApp', signal })
    if (statuscode === 404 || statuscode === 998) return undefined
    const { version, enabled } = (data ?? {}) as Record<string, unknown>
    return { version: storable(String(version)), enabled: Boolean(enabled) }
  }

  return { exApp }
}
