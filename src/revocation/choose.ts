import type { AppApiState } from '../nextcloud/app-api.ts'
import type { FencedNextcloud } from '../nextcloud/client.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { ProblemCode } from '../problems.ts'
import type { DriverName, Probe, RevocationDriver } from './driver.ts'

/** The ways to revoke that there are. */
export type Drivers = {
  /** Those that need neither the user's password nor a log-in, the best first: what is configured. */
  direct: RevocationDriver[]
  /** Logs in as the user, by the calls that a step may make. */
  session(nextcloud: FencedNextcloud): RevocationDriver
  /** Tells the devices to erase what they hold. */
  wipe(nextcloud: FencedNextcloud): Promise<RevocationDriver>
  /** Whether our log-in can pass a second factor. */
  appApi(): Promise<AppApiState>
  /** Remembered for a while: it costs a program or a connection. */
  probe(driver: RevocationDriver): Promise<Probe>
}

/** What matters of a user, and of what is wanted. */
export type Situation = {
  user: Pick<NextcloudUser, 'id' | 'backend' | 'canSetPassword'>
  /** Second factors that the user has set up. */
  providers: string[]
  /** One is asked for in any case. */
  enforced: boolean
  /** Second factors are removed before the log-in. */
  removesSecondFactors: boolean
  /** What else forbids to replace the password and log in with it. */
  noLogIn?: Refusal | undefined
  /** The password is replaced in any case. */
  replacesPassword?: boolean
  /** What only a log-in as the user can do, where that is wanted. */
  wantsLogIn?: string | undefined
}

export type Refusal = { code: ProblemCode; because: string; extra?: Record<string, unknown> }

/** `because` is for people, and kept in the operation. */
export type Choice = { name: DriverName; because: string; pastSecondFactor?: true }

const mend =
  'Set OCC_COMMAND or NEXTCLOUD_DATABASE_URL: then it works for everybody, without the password and without a log-in.'

/** Which driver revokes this user's tokens, and why it. */
export async function choose(drivers: Drivers, situation: Situation): Promise<Choice | { refused: Refusal }> {
  const logIn = await judgeLogIn(drivers, situation)
  if ('name' in logIn && situation.wantsLogIn) {
    return { ...logIn, because: `only a log-in as the user can ${situation.wantsLogIn}` }
  }
  // Deleted over HTTP they end at once; deleted past it, Nextcloud takes them for a while yet.
  const isOpen = drivers.direct.length > 0 && situation.replacesPassword && isPlain(situation)
  if ('name' in logIn && isOpen) {
    return { ...logIn, because: 'the password is replaced anyway, and what a log-in deletes ends at once' }
  }
  const broken: string[] = []
  for (const driver of drivers.direct) {
    const probe = await drivers.probe(driver)
    if (probe.works) {
      const note = broken.length > 0 ? ` (${broken.join('; ')})` : ''
      return {
        name: driver.name,
        because: `it is configured, and needs neither a password nor a log-in${note}`
      }
    }
    broken.push(`${driver.name} does not work: ${probe.because} ${probe.mend}`)
  }
  if (broken.length === 0) return logIn
  if ('name' in logIn) return { ...logIn, because: `${logIn.because}; ${broken.join('; ')}` }
  return { refused: { code: 'revocation-unavailable', because: broken.join(' ') } }
}

/** Nothing has to be got past at the log-in. */
const isPlain = ({ providers, enforced }: Situation) => providers.length === 0 && !enforced

/** What AppAPI could do, or what is wrong with it. */
const orAppApi: Record<Exclude<AppApiState, 'ready'>, string> = {
  'not-configured': 'Or APPAPI_ID, APPAPI_VERSION and APPAPI_SECRET: then our log-in passes.',
  disabled: 'The ExApp of APPAPI_ID is switched off in Nextcloud: switched on, our log-in passes.',
  refused:
    'Nextcloud does not take APPAPI_ID and APPAPI_SECRET: put right (and `locksmith host credentials retry`, if that was in Nextcloud), our log-in passes.'
}

/** Whether the password can be replaced and our log-in with it gets in. */
async function judgeLogIn(drivers: Drivers, situation: Situation): Promise<Choice | { refused: Refusal }> {
  const { user, providers, enforced, removesSecondFactors, noLogIn } = situation
  if (!user.canSetPassword) {
    return {
      refused: {
        code: 'cannot-set-password',
        because: `The user "${user.id}" comes from the backend "${user.backend}", which keeps the password elsewhere: neither Nextcloud nor a reset mail can change it, and over HTTP alone no session can be revoked. ${mend} Or tell the devices to wipe, and reset the password in that directory.`,
        extra: { backend: user.backend }
      }
    }
  }
  if (noLogIn) return { refused: noLogIn }
  if (isPlain(situation))
    return { name: 'session', because: 'nothing else is configured, and the password may be replaced' }
  const appApi = await drivers.appApi()
  if (appApi === 'ready') {
    return {
      name: 'session',
      because: 'AppAPI lets our log-in pass the second factor, which stays as it is',
      pastSecondFactor: true
    }
  }
  if (enforced) {
    return {
      refused: {
        code: 'two-factor-enforced',
        because: `A second factor is enforced for "${user.id}", at which our own log-in to revoke sessions would end. ${mend} ${orAppApi[appApi]}`
      }
    }
  }
  if (removesSecondFactors)
    return { name: 'session', because: 'the second factor is removed, as the request says' }
  return {
    refused: {
      code: 'two-factor-user',
      because: `The user "${user.id}" has a second factor (${providers.join(', ')}), at which our own log-in to revoke sessions would end. ${mend} ${orAppApi[appApi]} Or ask for a reset, a revocation or an off-boarding with "twoFactor": "remove", which takes the second factor away.`,
      extra: { providers }
    }
  }
}
