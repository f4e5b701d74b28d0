import { refuseCommonFailures, unexpected } from './answer.ts'
import { parseEnvelope, withJsonFormat } from './ocs.ts'
import type { Wire } from './wire.ts'

/** The credentials of an external app (ExApp) that is registered with Nextcloud's AppAPI. */
export type AppApi = {
  id: string
  /** Not above the registered one: Nextcloud would write it down as the new one. */
  version: string
  secret: string
}

/**
 * `refused`: an unknown app, a wrong secret, or no AppAPI there. `disabled`: it is registered, but switched off.
 */
export type AppApiState = 'ready' | 'disabled' | 'refused' | 'not-configured'

export type AppApiCredentials = ReturnType<typeof appApiCredentials>

/** Each refusal counts against our address; the eleventh within half an hour gets us 429 for all with AppAPI headers. */
const restMs = 600_000

/** The user in it stays empty: with one named, Nextcloud would act as that user instead of logging in. */
export const headersOf = ({ id, version, secret }: AppApi): Record<string, string> => ({
  'ex-app-id': id,
  'ex-app-version': version,
  'authorization-app-api': Buffer.from(`:${secret}`).toString('base64')
})

/** What an ExApp asks about itself: works for one that is switched off, too. */
export const appApiStateCall = (headers: Record<string, string>) =>
  withJsonFormat({ method: 'GET', path: '/apps/app_api/ex-app/state', name: 'AppAPI state', headers })

/** What lets our log-ins pass a second factor. */
export function appApiCredentials(appApi: AppApi | undefined) {
  let refusedAt = Number.NEGATIVE_INFINITY
  return {
    isConfigured: appApi !== undefined,
    isResting: () => performance.now() - refusedAt < restMs,
    refused() {
      refusedAt = performance.now()
    },
    /** Only ever for calls that need them. */
    headers: (): Record<string, string> => (appApi ? headersOf(appApi) : {})
  }
}

export function appApiCalls(wire: Wire, credentials: AppApiCredentials) {
  /**
   * Whether a log-in will pass a second factor: to be known before a password is replaced. Once refused, it is not
   * asked about again for ten minutes.
   * @throws NextcloudError
   */
  async function appApiState(): Promise<AppApiState> {
    if (!credentials.isConfigured) return 'not-configured'
    if (credentials.isResting()) return 'refused'
    const call = appApiStateCall(credentials.headers())
    return wire.send(call, (answer): AppApiState => {
      refuseCommonFailures(answer)
      const { statuscode, data } = parseEnvelope(answer.body) ?? {}
      if (statuscode === 200) return data === 1 ? 'ready' : 'disabled'
      if (statuscode === 997 || statuscode === 401) credentials.refused()
      else if (statuscode !== 998 && statuscode !== 404) throw unexpected(call, answer, statuscode)
      return 'refused'
    })
  }

  return { appApiState }
}
