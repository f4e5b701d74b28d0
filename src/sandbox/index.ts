import type { AddressInfo } from 'node:net'
import { createClock } from './clock.ts'
import { createControl } from './control/api.ts'
import { Sandbox } from './control/sandbox.ts'
import { seed } from './control/seed.ts'
import { isVisitor } from './control/visitor.ts'
import { Counting } from './counters/counters.ts'
import { usersOf } from './http/concerns.ts'
import { createDestinations, nameOf } from './http/destination.ts'
import { Faults } from './http/faults.ts'
import { CallLog } from './http/log.ts'
import { createHandler } from './http/nextcloud.ts'
import { createSandboxServer, type World } from './http/server.ts'
import { Mailbox } from './mail/mailbox.ts'
import { startSmtp } from './mail/smtp.ts'
import { createNextcloud, type Nextcloud } from './model/nextcloud.ts'
import { defaultSettings, type Settings } from './model/settings.ts'
import type { Witness } from './model/witness.ts'
import { type SandboxOptions, sandboxAdmin } from './options.ts'
import { routes } from './routes/all.ts'

export type { LinkView } from './control/link-view.ts'
export type { AuthTokenRow, Deletions, Mirror, PreferenceRow } from './control/mirror.ts'
export { seededAppPassword, seededPassword } from './control/seed.ts'
export type { TokenView } from './control/token-view.ts'
export type { UserSpec } from './control/user-spec.ts'
export type { Credential } from './control/visitor.ts'
export type { Counters } from './counters/counters.ts'
export type { Fault, FaultKind } from './http/faults.ts'
export type { LoggedCall } from './http/log.ts'
export type { Mail } from './mail/mailbox.ts'
export type { EnabledChange, HeldPassword, MadeLink } from './model/histories.ts'
export type { Passkey } from './model/passkeys.ts'
export type { NextcloudVersion } from './model/quirks.ts'
export type { OccCondition, Settings } from './model/settings.ts'
export type { Share, ShareSpec, ShareType } from './model/shares.ts'
export type { User } from './model/users.ts'
export type { OccResult } from './occ/application.ts'
export { type Admin, type SandboxOptions, sandboxAdmin } from './options.ts'
export { Sandbox }

/** Starts a simulated Nextcloud with a mailbox. Close it when done. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { version = 34, host = '127.0.0.1', admin = sandboxAdmin } = options
  const clock = createClock({ base: options.clock, speed: options.clockSpeed, epoch: options.clockEpoch })
  // A clock that others keep too must not jump by the delays that 31 makes its callers wait.
  const { realDelays = clock.speed !== 1 } = options
  const mailbox = new Mailbox(clock.now)
  const faults = new Faults()
  const counting = new Counting(clock)
  const log = new CallLog(clock, counting)
  const settings = defaultSettings()
  const destination = createDestinations(routes)
  const witness: Witness = {
    attempted: (action, address) => isVisitor(address) || counting.attempted(action, address),
    mailAsked: (userId) => counting.mailAsked(userId),
    mailDelivered: (userId, kind) => counting.mailDelivered(userId, kind)
  }
  let nextcloud: Nextcloud
  let world: World
  let sandbox: Sandbox

  const smtp = await startSmtp(mailbox, host, options.smtpPort ?? 0)
  const server = createSandboxServer({
    clock,
    settings,
    faults,
    log,
    world: () => world,
    sandbox: (exchange) => control(exchange)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  }).catch(async (error) => {
    await smtp.close()
    throw error
  })
  const authority = `${host}:${(server.address() as AddressInfo).port}`
  const publicHost = options.publicHost ?? authority

  const build = (): void => {
    const start: Partial<Settings> = { latencyMs: options.latencyMs ?? 0, ...options.settings }
    Object.assign(settings, defaultSettings(), start, {
      trustedDomains: [
        authority,
        publicHost,
        'localhost',
        '127.0.0.1',
        ...(options.trustedDomains ?? []),
        ...(start.trustedDomains ?? [])
      ]
    })
    nextcloud = createNextcloud({ version, clock, settings, mailbox, witness })
    const simulated = nextcloud
    const first = simulated.users.add({ id: admin.user, password: admin.password, groups: ['admin'] })
    simulated.histories.notePassword(first, 'created')
    simulated.histories.noteEnabled(first, 'created')
    world = {
      handle: createHandler(simulated, destination, realDelays),
      usersOf: (exchange) => usersOf(simulated, destination, exchange),
      nameOf: (exchange) => nameOf(destination(exchange))
    }
  }
  const reset = (): void => {
    faults.clear()
    mailbox.clear()
    log.clear()
    build()
    if (options.seed) seed(sandbox)
  }

  build()
  sandbox = new Sandbox({
    url: `http://${authority}`,
    smtpUrl: `smtp://${host}:${smtp.port}`,
    version,
    admin,
    clock,
    settings,
    mailbox,
    faults,
    log,
    counting,
    visitor: { handle: () => world.handle, host: publicHost },
    nextcloud: () => nextcloud,
    reset,
    async close() {
      faults.clear()
      server.closeAllConnections()
      await Promise.all([new Promise((resolve) => server.close(resolve)), smtp.close()])
    }
  })
  const control = createControl(sandbox)
  if (options.seed) seed(sandbox)
  return sandbox
}
