import { storable } from '../db/storable.ts'
import { readOcs, refuseCommonFailures, unexpected } from './answer.ts'
import { NextcloudError } from './errors.ts'
import { examineAdminCalls } from './examine-admin.ts'
import { initialState } from './page.ts'
import type { Answer, Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** What `/status.php` says, and by which clock. */
export type ServerState = {
  version: string
  maintenance: boolean
  needsDbUpgrade: boolean
  /** How much later it is at Nextcloud than here, to the second; 0 also where it did not say. Milliseconds. */
  aheadMs: number
}

/** What Nextcloud tells everybody of our address and of its own. */
export type PublicFacts = {
  allowListed: boolean
  /** What it lets our address wait, for failed log-ins and reset mails. */
  delayMs: number
  /** Where its links lead when it is asked as we ask it; undefined: it did not say. */
  linkBase: URL | undefined
}

/** `elsewhere`: where "Forgot password?" sends people instead. */
export type PasswordReset = { on: true } | { on: false; elsewhere?: string }

/**
 * Reads how a Nextcloud is, and changes nothing: every call is a GET. What needs no credentials is asked
 * whatever our database knows, so that it can be told while that is down.
 * @param ask sends also while Nextcloud counts as away
 */
export function examineCalls(wire: Wire, ask: Wire['send']) {
  /** @throws NextcloudError also where its host name is not trusted there */
  async function serverState(signal: AbortSignal): Promise<ServerState> {
    const call: Call = { method: 'GET', path: '/status.php', name: 'status', signal }
    const started = Date.now()
    return ask(call, (answer) => {
      if (answer.status === 400 && answer.body.includes('Trusted domain error')) throw untrusted()
      refuseCommonFailures(answer)
      const said = parse(answer.body)
      if (answer.status !== 200 || said?.installed !== true || typeof said.versionstring !== 'string')
        throw unexpected(call, answer)
      return {
        version: storable(said.versionstring),
        maintenance: said.maintenance === true,
        needsDbUpgrade: said.needsDbUpgrade === true,
        aheadMs: ahead(answer, started)
      }
    })
  }

  async function publicFacts(signal: AbortSignal): Promise<PublicFacts> {
    const path = '/ocs/v2.php/cloud/capabilities?format=json'
    const call: Call = { method: 'GET', path, name: 'capabilities', signal }
    return ask(call, (answer) => {
      const { data } = readOcs(call, answer)
      const { bruteforce, theming } =
        (data as { capabilities?: Record<string, Record<string, unknown>> } | null)?.capabilities ?? {}
      return {
        allowListed: bruteforce?.['allow-listed'] === true,
        delayMs: Number(bruteforce?.delay) || 0,
        linkBase: linkBase(theming?.logo)
      }
    })
  }

  async function passwordReset(signal: AbortSignal): Promise<PasswordReset> {
    const headers = { accept: 'text/html' }
    const call: Call = { method: 'GET', path: '/index.php/login', name: 'login page', signal, headers }
    return ask(call, (answer) => {
      refuseCommonFailures(answer)
      const can = initialState(answer.body, 'core-loginCanResetPassword')
      if (answer.status !== 200 || typeof can !== 'boolean') throw unexpected(call, answer)
      const link = initialState(answer.body, 'core-loginResetPasswordLink')
      if (typeof link === 'string' && link !== '' && link !== 'disabled')
        return { on: false, elsewhere: storable(link.slice(0, 200)) }
      return can ? { on: true } : { on: false }
    })
  }

  return { serverState, publicFacts, passwordReset, ...examineAdminCalls(wire) }
}

/** Whole seconds are all that a Date header has, and the way there and back takes its time: less is no skew. */
function ahead({ date, header }: Answer, started: number): number {
  if (header('date') === undefined) return 0
  const received = Date.now()
  const apart = date.getTime() + 500 - (started + received) / 2
  const unsure = (received - started) / 2 + 500
  return Math.abs(apart) <= unsure ? 0 : Math.round(apart / 1_000) * 1_000
}

/** Of an absolute address that Nextcloud builds as it builds those in its mails: all before its own files. */
function linkBase(address: unknown): URL | undefined {
  const url = URL.parse(String(address))
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const path = url.pathname.replace(/\/(index\.php|core|apps|custom_apps)\/.*$/s, '')
  return new URL(path || '/', url)
}

const untrusted = () =>
  new NextcloudError(
    'untrusted-host',
    'Nextcloud does not know the host name of NEXTCLOUD_PUBLIC_URL: add it to trusted_domains in its config.php.'
  )

function parse(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
