import { storable } from '../db/storable.ts'
import { refuseCommonFailures, unexpected } from './answer.ts'
import { NextcloudError } from './errors.ts'
import { initialState } from './page.ts'
import { remembered } from './remembered.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

export type ServerStatus = { version: string; maintenance: boolean }

/** Which users must have a second factor, whether or not they have set one up. */
export type TwoFactorEnforcement = { enforced: boolean; enforcedGroups: string[]; excludedGroups: string[] }

/** What holds for every user of this Nextcloud, read in one go. */
export type Instance = {
  /** Such as `31.0.2`. */
  version: string
  enforcement: TwoFactorEnforcement
  /** Whether "Forgot password?" can lead anywhere. */
  passwordReset: boolean
  /** Each user's files are encrypted with the own password: replacing it makes them unreadable (fact 8). */
  perUserKeys: boolean
}

const rememberMs = 10_000

/** @param ask sends also while Nextcloud counts as away: whoever wants to know how it is, is told */
export function instanceCalls(wire: Wire, ask: Wire['send']) {
  /** `/status.php`: needs no credentials. @throws NextcloudError */
  async function status(timeoutMs = 5_000): Promise<ServerStatus> {
    const call: Call = { method: 'GET', path: '/status.php', name: 'status', timeoutMs }
    return ask(call, (answer) => {
      refuseCommonFailures(answer)
      const said = parse(answer.body) as
        | { installed?: unknown; maintenance?: unknown; versionstring?: unknown }
        | undefined
      if (answer.status !== 200 || said?.installed !== true || typeof said.versionstring !== 'string') {
        throw unexpected(call, answer)
      }
      return { version: said.versionstring, maintenance: said.maintenance === true }
    })
  }

  /**
   * Asked at most every 10 s: with the admin's real password each call costs Nextcloud 0.4 s of hashing.
   * What changes in between is met at the log-in, which stops there.
   */
  const instance = remembered(rememberMs, askInstance)

  async function askInstance(): Promise<Instance> {
    const [{ version }, enforcement, passwordReset, perUserKeys] = await Promise.all([
      status(),
      twoFactorEnforcement(),
      passwordResetOn(),
      encryptsPerUser()
    ])
    return { version, enforcement, passwordReset, perUserKeys }
  }

  async function twoFactorEnforcement(signal?: AbortSignal): Promise<TwoFactorEnforcement> {
    const call: Call = {
      method: 'GET',
      path: '/index.php/settings/api/admin/twofactorauth',
      name: 'two-factor enforcement',
      ...(signal && { signal })
    }
    return wire.admin(call, (answer) => {
      refuseCommonFailures(answer)
      if (answer.status === 403) throw notAllowed(call)
      const said = parse(answer.body) as Partial<TwoFactorEnforcement> | undefined
      if (answer.status !== 200 || typeof said?.enforced !== 'boolean') throw unexpected(call, answer)
      return {
        enforced: said.enforced,
        enforcedGroups: (said.enforcedGroups ?? []).map(String),
        excludedGroups: (said.excludedGroups ?? []).map(String)
      }
    })
  }

  /** On only where the login page offers it and does not send people to another address. */
  async function passwordResetOn(): Promise<boolean> {
    const call: Call = {
      method: 'GET',
      path: '/index.php/login',
      name: 'login page',
      headers: { accept: 'text/html' }
    }
    return wire.send(call, (answer) => {
      refuseCommonFailures(answer)
      const can = initialState(answer.body, 'core-loginCanResetPassword')
      if (answer.status !== 200 || typeof can !== 'boolean') throw unexpected(call, answer)
      const link = initialState(answer.body, 'core-loginResetPasswordLink')
      return can && (link === undefined || link === '')
    })
  }

  async function encryptsPerUser(): Promise<boolean> {
    const on = (await wire.appValue('core', 'encryption_enabled')) === 'yes'
    return on && (await wire.appValue('encryption', 'useMasterKey')) === '0'
  }

  /** The user's own second factors. Backup codes alone are none: Nextcloud does not ask for them. */
  async function twoFactorProviders(userId: string, signal?: AbortSignal): Promise<string[]> {
    const call: Call = {
      method: 'GET',
      path: `/twofactor/state?user=${encodeURIComponent(userId)}`,
      name: 'two-factor state',
      ...(signal && { signal })
    }
    const { statuscode, data } = await wire.ocs(call)
    if (statuscode === 404) throw new NextcloudError('unknown-user', `Nextcloud has no user "${userId}".`)
    // `[]` before the first log-in, then an object: provider → on or off.
    if (statuscode !== 200 || typeof data !== 'object' || data === null) {
      throw new NextcloudError('rubbish', 'Nextcloud did not say which second factors the user has.')
    }
    return Object.entries(data).flatMap(([name, on]) =>
      on === true && name !== 'backup_codes' ? [storable(name)] : []
    )
  }

  return { status, instance, twoFactorEnforcement, twoFactorProviders }
}

/** Nextcloud's own rule: enforced groups, where there are any, overrule the excluded ones. */
export function isEnforcedFor(
  { enforced, enforcedGroups, excludedGroups }: TwoFactorEnforcement,
  groups: string[]
): boolean {
  const isIn = (list: string[]) => list.some((group) => groups.includes(group))
  if (!enforced) return false
  return enforcedGroups.length > 0 ? isIn(enforcedGroups) : !isIn(excludedGroups)
}

/** Whether a password change by an admin makes the reset links void that were mailed before (fact 11). */
export const killsResetLinks = (version: string): boolean => Number.parseInt(version, 10) >= 32

const notAllowed = (call: Call) =>
  new NextcloudError(
    'not-allowed',
    `The account of Locksmith may not do this (${call.name}): it must be in the group admin.`
  )

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
