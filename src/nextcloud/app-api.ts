import type { Pool } from '../db/pool.ts'
import { refuseCommonFailures, unexpected } from './answer.ts'
import type { Attempts } from './attempts.ts'
import { beforeSending, NextcloudError } from './errors.ts'
import { createCredentialGate, exAppAccount } from './gate.ts'
import { parseEnvelope, withJsonFormat } from './ocs.ts'
import type { Call } from './transport.ts'
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

export type AppApiCalls = ReturnType<typeof appApiCalls>

type Parts = {
  wire: Pick<Wire, 'send'>
  attempts: Pick<Attempts, 'within'>
  pool: Pool
  appApi: AppApi | undefined
  onRefused(account: string): void
}

/**
 * What lets our log-ins pass a second factor. Each refusal of the secret counts against our address, and the eleventh
 * within half an hour gets us 429 for all with AppAPI headers. So one that was refused stands in the gate, for all
 * replicas, and is looked up right before each call that sends it; and these have a lane, as passwords have.
 */
export function appApiCalls({ wire, attempts, pool, appApi, onRefused }: Parts) {
  const gate =
    appApi &&
    createCredentialGate(
      pool,
      { user: exAppAccount(appApi.id), password: appApi.secret },
      {
        onRefused,
        recheckMs: 0,
        closed: (at) =>
          `Nextcloud's AppAPI refused the secret of the ExApp "${appApi.id}" at ${at.toISOString()}, and it was not sent again. ${mend}`
      }
    )

  /** In a lane: what is refused is known before the next one is sent. */
  async function ask({ id, version, secret }: AppApi, signal?: AbortSignal): Promise<AppApiState> {
    if (await isClosed()) return 'refused'
    const headers = headersOf({ id, version, secret })
    const call: Call = {
      ...withJsonFormat({ method: 'GET', path: '/apps/app_api/ex-app/state', name: 'AppAPI state', headers }),
      ...(signal && { signal })
    }
    const said = await wire.send(call, (answer): AppApiState | 'wrong' => {
      refuseCommonFailures(answer)
      const { statuscode, data } = parseEnvelope(answer.body) ?? {}
      // What an ExApp asks about itself: answered to one that is switched off, too.
      if (statuscode === 200) return data === 1 ? 'ready' : 'disabled'
      if (statuscode === 997 || statuscode === 401) return 'wrong'
      if (statuscode !== 998 && statuscode !== 404) throw unexpected(call, answer, statuscode)
      return 'refused'
    })
    if (said !== 'wrong') return said
    await gate!.refused(refusal())
    return 'refused'
  }

  const isClosed = () =>
    beforeSending(gate!.assertOpen()).then(
      () => false,
      (error) => {
        if (error instanceof NextcloudError && error.variant === 'credentials-refused') return true
        throw error
      }
    )

  /**
   * Whether a log-in will pass a second factor: to be known before a password is replaced.
   * @param version another one than is configured
   * @throws NextcloudError
   */
  async function appApiState({
    version,
    signal
  }: {
    version?: string
    signal?: AbortSignal
  } = {}): Promise<AppApiState> {
    if (!appApi) return 'not-configured'
    const credentials = { ...appApi, ...(version !== undefined && { version }) }
    return attempts.within({ signal, proven: () => false }, () => ask(credentials, signal))
  }

  return {
    appApiState,
    /**
     * What a log-in has that is to pass; undefined: nothing can. It is not sent unless AppAPI says in that moment that
     * it would pass. @throws NextcloudError credentials-refused
     */
    passing: appApi && {
      headers: headersOf(appApi),
      async beforeSend() {
        if ((await ask(appApi)) !== 'ready') throw refusal()
      }
    }
  }
}

/** The user in it stays empty: with one named, Nextcloud would act as that user instead of logging in. */
const headersOf = ({ id, version, secret }: AppApi): Record<string, string> => ({
  'ex-app-id': id,
  'ex-app-version': version,
  'authorization-app-api': Buffer.from(`:${secret}`).toString('base64')
})

const mend =
  'Set the right APPAPI_ID and APPAPI_SECRET and restart; or mend the ExApp in Nextcloud, and run `locksmith host credentials retry`. `locksmith host doctor` says what is wrong.'

const refusal = () =>
  new NextcloudError(
    'credentials-refused',
    `Nextcloud's AppAPI does not let the ExApp of Locksmith pass a second factor, so nobody was logged in. ${mend}`,
    { notSent: true }
  )
