import type { Pool } from '../db/pool.ts'
import { accountCalls } from './accounts.ts'
import { createAdmins } from './admins.ts'
import { readOcs, refuseCommonFailures } from './answer.ts'
import { type AppApi, appApiCalls } from './app-api.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { type CircuitOptions, createCircuit } from './circuit.ts'
import { beforeSending, NextcloudError } from './errors.ts'
import { examineCalls } from './examine.ts'
import { instanceCalls } from './instance.ts'
import { createLimits } from './limits.ts'
import { lostPasswordCalls } from './lost-password.ts'
import { withJsonFormat } from './ocs.ts'
import { possessionCalls } from './possessions.ts'
import { sessionCalls } from './session.ts'
import {
  type Call,
  type Credentials,
  createTransport,
  type Fence,
  type TransportOptions
} from './transport.ts'
import { userCalls } from './users.ts'
import type { Read, Wire } from './wire.ts'

export type NextcloudOptions = TransportOptions & {
  /** The first is used for everything; each has its own limit on changing users. */
  admins: Credentials[]
  /** With it a log-in passes a second factor. */
  appApi?: AppApi
  databaseUrl: string
  pool: Pool
  circuit: CircuitOptions
  log: NextcloudLog
}

/** What people should know of at once. */
export type NextcloudLog = {
  onRefused(account: string): void
  onAway(detail: string): void
  onBack(): void
}

export type Nextcloud = ReturnType<typeof createNextcloud>

/** One Nextcloud, as Locksmith's admin accounts see it, and as a user whose password was just set. */
export function createNextcloud({
  admins: accounts,
  appApi,
  databaseUrl,
  pool,
  circuit: looks,
  log,
  ...options
}: NextcloudOptions) {
  const transport = createTransport(options)
  const attempts: Attempts = createAttempts(databaseUrl, pool)
  const circuit = createCircuit(pool, looks, { onOpen: log.onAway, onClosed: log.onBack })
  const admins = createAdmins(pool, accounts, log.onRefused)

  /** Every call but the probe passes here. */
  async function exchange<T>(call: Call, read: Read<T>): Promise<T> {
    await beforeSending(circuit.assertClosed())
    try {
      const result = read(await transport.send(call))
      await circuit.note(undefined)
      return result
    } catch (error) {
      // What came of the call must not be lost because the circuit cannot be told. A caller who did not want to
      // wait says nothing of Nextcloud.
      if (error instanceof NextcloudError && !call.signal?.aborted) await circuit.note(error).catch(() => {})
      throw error
    }
  }

  /** The account is asked about again right before sending: of a backlog nothing is sent after a refusal. */
  async function asAdmin<T>(call: Call, read: Read<T>, account?: string): Promise<T> {
    const admin = await admins.pick(account)
    const options = { signal: call.signal, proven: () => admins.isProven(admin) }
    return attempts.within(options, async () => {
      await admin.gate.assertOpen()
      const { user, password } = admin
      try {
        const result = await exchange({ ...call, auth: { user, password } }, read)
        admins.taken(admin)
        return result
      } catch (error) {
        if (error instanceof NextcloudError && error.variant === 'credentials-refused') {
          await Promise.allSettled([attempts.failed(admin.user), admins.refused(admin, error)])
        }
        throw error
      }
    })
  }

  /** An account that may not change users is no reason to give up while there is another. */
  function orAnother(error: unknown, account: string): unknown {
    const isBarred =
      error instanceof NextcloudError &&
      (error.variant === 'password-confirmation' || error.variant === 'not-allowed')
    if (!isBarred || !admins.bar(account)) return error
    return new NextcloudError('busy', `${error.message} Another account is used instead of "${account}".`, {
      cause: error
    })
  }

  const wire: Wire = {
    publicUrl: options.publicUrl,
    send: exchange,
    asUser: (userId, call, read) =>
      // It was set a moment ago, and Nextcloud said so: proven as far as can be.
      attempts.within({ signal: call.signal, proven: () => true }, () =>
        exchange(call, read).catch(async (error) => {
          if (error instanceof NextcloudError && error.variant === 'wrong-password')
            await attempts.failed(userId)
          throw error
        })
      ),
    async ocs(call, account) {
      const sent = withJsonFormat(call)
      // What changes something is left to an account that may.
      const by = account ?? (call.effect ? (await admins.changing())[0] : undefined)
      const asked = asAdmin(sent, (answer) => readOcs(sent, answer), by)
      return by === undefined ? asked : asked.catch((error) => refuse(orAnother(error, by)))
    },
    admin: (call, read, account) =>
      asAdmin(
        call,
        (answer) => {
          if (answer.status === 401) readOcs(call, answer)
          return read(answer)
        },
        account
      ),
    anonymous(call) {
      const sent = withJsonFormat(call)
      return exchange(sent, (answer) => readOcs(sent, answer))
    },
    async appValue(app, key) {
      const path = `/apps/provisioning_api/api/v1/config/apps/${encodeURIComponent(app)}/${encodeURIComponent(key)}`
      const { data } = await wire.ocs({ method: 'GET', path, name: 'app setting' })
      const value = (data as { data?: unknown } | null)?.data
      return typeof value === 'string' ? value : ''
    },
    async isAllowListed() {
      const { data } = await wire.anonymous(capabilities)
      const said = data as { capabilities?: { bruteforce?: { 'allow-listed'?: unknown } } } | null
      return said?.capabilities?.bruteforce?.['allow-listed'] === true
    }
  }
  const limits = createLimits(pool, wire, () => admins.changing())
  const exApp = appApiCalls({ wire, attempts, pool, appApi, onRefused: log.onRefused })
  const timeoutMs = options.timeoutMs ?? 30_000
  const ask: Wire['send'] = (call, read) => transport.send(call).then(read)
  const instance = {
    ...instanceCalls(wire, ask),
    appApiState: exApp.appApiState
  }
  /** What changes something, by this process alone or for whoever stands behind the fence. */
  const calls = (fenced: Wire) => {
    const users = userCalls(fenced, limits)
    return {
      ...users,
      ...accountCalls(fenced, { ...users, ...instance }, 4 * timeoutMs),
      ...sessionCalls(fenced, exApp),
      ...possessionCalls(fenced),
      ...lostPasswordCalls(fenced, limits, 3 * timeoutMs)
    }
  }

  return {
    url: options.url,
    publicUrl: options.publicUrl,
    adminUsers: admins.names,
    adminsWithAppPassword: admins.withAppPassword,
    areAdminsRefused: admins.areRefused,
    limits,
    examine: examineCalls(wire, ask),
    ...instance,
    ...calls(wire),
    /** The same, where each change is asked about right before it is sent. */
    behind: (fence: Fence) => ({ ...instance, ...calls(behind(wire, fence)) }),
    /** Nobody calls a Nextcloud that is away but one probe, which any process makes by calling this each second. */
    probeIfDue: () =>
      circuit.probeIfDue(async () => {
        const sent = withJsonFormat(capabilities)
        const answer = await transport.send(sent)
        refuseCommonFailures(answer)
        readOcs(sent, answer)
      }),
    async close() {
      await attempts.stop()
      await transport.close()
    }
  }
}

/** What a step works with: every change is fenced. */
export type FencedNextcloud = ReturnType<Nextcloud['behind']>

const refuse = (error: unknown): never => {
  throw error
}

/** Needs the application and its database to be well, and no credentials. */
const capabilities: Call = { method: 'GET', path: '/cloud/capabilities', name: 'capabilities' }

function behind(wire: Wire, fence: Fence): Wire {
  const fenced = (call: Call): Call => (call.effect ? { ...call, fence } : call)
  return {
    ...wire,
    send: (call, read) => wire.send(fenced(call), read),
    asUser: (userId, call, read) => wire.asUser(userId, fenced(call), read),
    ocs: (call, account) => wire.ocs(fenced(call), account)
  }
}
