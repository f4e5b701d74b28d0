import { storable } from '../db/storable.ts'
import { refuseCommonFailures, unexpected } from './answer.ts'
import { NextcloudError } from './errors.ts'
import { examineExAppCalls } from './examine-ex-app.ts'
import { initialState } from './page.ts'
import { findSetupCheck } from './setup-checks.ts'
import type { Answer, Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** The account that a credential belongs to. */
export type Account = { id: string; groups: string[] }

/** The part of `password_policy` that can refuse a random password. */
export type PasswordPolicy = { minLength: number; checksLeaks: boolean }

/** What Nextcloud's own setup checks say; undefined: not said. */
export type SetupChecks = {
  /** `untested`: the last try failed, or nothing is set; `off`: `mail_smtpmode` is "null". */
  mail: 'ready' | 'untested' | 'off' | undefined
  proxyHeaders: 'ok' | 'doubtful' | undefined
}

export type Encryption = 'off' | 'master-key' | 'user-keys'

/** What only an admin is told. Each is one GET with the account's password. */
export function examineAdminCalls(wire: Wire) {
  const page = (path: string, name: string, signal: AbortSignal): Call => ({
    method: 'GET',
    path: `/index.php${path}`,
    name,
    signal,
    headers: { accept: 'text/html' }
  })

  async function ocs(path: string, name: string, signal: AbortSignal, account?: string) {
    const { statuscode, message, data } = await wire.ocs({ method: 'GET', path, name, signal }, account)
    if (statuscode === 200) return data as Record<string, unknown> | null
    throw new NextcloudError('rubbish', `Nextcloud said ${statuscode} "${storable(message)}" at "${name}".`)
  }

  /**
   * Who we are: the name of the log-in may be a mail address, or in another case.
   * @throws NextcloudError credentials-refused: Nextcloud did not take the credential, and it is not used again
   */
  async function account(name: string, signal: AbortSignal): Promise<Account> {
    const data = await ocs('/cloud/user', 'who we are', signal, name)
    const id = typeof data?.id === 'number' ? String(data.id) : data?.id
    if (typeof id !== 'string' || id === '')
      throw new NextcloudError('rubbish', 'Nextcloud did not say whose the account of Locksmith is.')
    const groups = Array.isArray(data?.groups) ? data.groups : []
    return { id: storable(id), groups: groups.map((group) => storable(String(group))) }
  }

  /**
   * Whether the account's password counts as confirmed: only then may it change users. Up to 33 an app password
   * does, from 34 on it does not. Nextcloud tells the scripts of its pages when the password was last proved.
   */
  async function passwordConfirmed(name: string, signal: AbortSignal): Promise<boolean> {
    const call = page('/core/js/oc.js', 'password confirmation', signal)
    const read = (answer: Answer) => {
      refuseCommonFailures(answer)
      const at = /\bnc_lastLogin=(\d+)/.exec(answer.body)?.[1]
      if (answer.status !== 200 || at === undefined) throw unexpected(call, answer)
      return Number(at) > 0
    }
    return wire.admin(call, read, name)
  }

  async function passwordPolicy(signal: AbortSignal): Promise<PasswordPolicy | undefined> {
    const data = await ocs('/cloud/capabilities', 'capabilities', signal)
    const all = data?.capabilities as Record<string, Record<string, unknown>> | undefined
    const policy = all?.password_policy
    const account = (policy?.policies as { account?: Record<string, unknown> } | undefined)?.account
    if (!policy) return undefined
    return {
      minLength: Number(account?.minLength ?? policy.minLength) || 0,
      checksLeaks: account?.enforceHaveIBeenPwned === true
    }
  }

  async function apps(signal: AbortSignal): Promise<string[]> {
    const data = await ocs('/cloud/apps?filter=enabled', 'enabled apps', signal)
    return Object.values(data?.apps ?? {}).map((app) => storable(String(app)))
  }

  /** The texts are in the admin's language, so that nothing of them is read but a setting's name. */
  async function setupChecks(signal: AbortSignal): Promise<SetupChecks> {
    const call = page('/settings/ajax/checksetup', 'setup checks', signal)
    return wire.admin(call, (answer) => {
      refuseAdminFailures(call, answer)
      const mail = findSetupCheck(answer.body, 'EmailTestSuccessful')
      const proxy = findSetupCheck(answer.body, 'ForwardedForHeaders')
      const isOff = mail?.description.includes('mail_smtpmode')
      return {
        mail: mail && (isOff ? 'off' : mail.severity === 'success' ? 'ready' : 'untested'),
        proxyHeaders: proxy && (proxy.severity === 'success' ? 'ok' : 'doubtful')
      }
    })
  }

  /** Our address as Nextcloud sees it; undefined where the app `bruteforcesettings` is off. */
  async function remoteAddress(signal: AbortSignal): Promise<string | undefined> {
    const call = page('/settings/admin/security', 'our address', signal)
    return wire.admin(call, (answer) => {
      refuseAdminFailures(call, answer)
      const address = initialState(answer.body, 'bruteforcesettings-remote-address')
      return typeof address === 'string' ? storable(address) : undefined
    })
  }

  async function setting(app: string, key: string, signal: AbortSignal): Promise<string> {
    const path = `/apps/provisioning_api/api/v1/config/apps/${app}/${key}`
    return String((await ocs(path, 'app setting', signal))?.data ?? '')
  }

  /** Whether the allow-list also lifts the limits on what a logged-in user does. */
  async function ratesLifted(signal: AbortSignal): Promise<boolean> {
    const value = await setting('bruteforcesettings', 'apply_allowlist_to_ratelimit', signal)
    return ['1', 'yes', 'true'].includes(value)
  }

  async function encryption(signal: AbortSignal): Promise<Encryption> {
    if ((await setting('core', 'encryption_enabled', signal)) !== 'yes') return 'off'
    return (await setting('encryption', 'useMasterKey', signal)) === '0' ? 'user-keys' : 'master-key'
  }

  return {
    account,
    passwordConfirmed,
    passwordPolicy,
    apps,
    setupChecks,
    remoteAddress,
    ratesLifted,
    encryption,
    ...examineExAppCalls(wire)
  }
}

function refuseAdminFailures(call: Call, answer: Answer): void {
  refuseCommonFailures(answer)
  if (answer.status === 403)
    throw new NextcloudError('not-allowed', `The account of Locksmith may not do this (${call.name}).`)
  if (answer.status !== 200) throw unexpected(call, answer)
}
