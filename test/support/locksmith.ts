import type { Test } from 'tap'
import { type Config, readConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { startWorker } from '../../src/operations/worker.ts'
import { Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { createLog, createWorld, type World, type WorldOptions } from '../../src/world.ts'
import { signingKey, testKeys } from './audit-keys.ts'
import { canariesOf, dump, findCanaries, watchedLog } from './canaries.ts'
import { testDatabase } from './database.ts'
import { undeclared } from './declared.ts'

export const firstKey = 'test-key-with-every-scope'

// biome-ignore lint/suspicious/noExplicitAny: what came back is what the test looks into
export type Reply<T = any> = { status: number; headers: Headers; body: T; text: string }

export type CallOptions = {
  body?: unknown
  headers?: Record<string, string>
  /** Default: the first key. null: none. */
  authorization?: string | null
}

export type Served = {
  world: World
  databaseUrl: string
  url: string
  call(method: string, path: string, options?: CallOptions): Promise<Reply>
}

export type ServeOptions = {
  nextcloud: NonNullable<Config['nextcloud']>
  env?: Record<string, string>
  databaseUrl?: string
  worker?: boolean
  smtp?: WorldOptions['smtp']
  log?: WorldOptions['log']
  checkpoint?: WorldOptions['checkpoint']
  ways?: WorldOptions['ways']
  campaigns?: WorldOptions['campaigns']
  /** Default: any that is free. */
  port?: number
}

/** For tests of anything else: nobody is asked for an approval. */
export const looseBrakes = {
  BRAKE_LOCK_OUTS: '1000000',
  BRAKE_PERCENT: '0',
  BRAKE_WIPES: '1000000',
  BRAKE_DELETIONS: '1000000'
}

/** Pauses are short, and tests may call as often as they like. */
export const quick = {
  ...looseBrakes,
  RETRY_FIRST_SECONDS: '0.2',
  RETRY_MAX_SECONDS: '1',
  RATE_LIMIT_PER_MINUTE: '1000000',
  RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '1000000'
}

/** A whole Locksmith over real HTTP on a real PostgreSQL; gone after the test. Pauses are short. */
export async function serve(t: Test, options: ServeOptions): Promise<Served> {
  const databaseUrl = options.databaseUrl ?? (await testDatabase(t))
  const world = await createWorld({
    auditKeys: testKeys,
    config: readConfig({ ...quick, ...options.env }),
    databaseUrl,
    nextcloud: options.nextcloud,
    ...(options.smtp && { smtp: options.smtp }),
    log: options.log ?? createLog('silent'),
    ...(options.checkpoint && { checkpoint: options.checkpoint }),
    ...(options.ways && { ways: options.ways }),
    ...(options.campaigns && { campaigns: options.campaigns }),
    settleMs: 200
  })
  t.teardown(() => world.close())
  const worker = options.worker === false ? undefined : await startWorker(world)
  t.teardown(() => worker?.stop())
  const app = await createApp(world, firstKey)
  t.teardown(() => app.close())
  const url = await app.listen({ port: options.port ?? 0, host: '127.0.0.1' })
  return { world, databaseUrl, url, call: asDeclared(t, caller(url)) }
}

/** After the test it is told what was answered that the OpenAPI document does not declare. */
function asDeclared(t: Test, call: Served['call']): Served['call'] {
  const faults = new Set<string>()
  // Thrown, it would keep the rest from being torn down.
  t.teardown(() => {
    for (const fault of faults) t.fail(fault)
  })
  return async (method, path, options) => {
    const reply = await call(method, path, options)
    const fault = undeclared(method, path, reply)
    if (fault !== undefined) faults.add(fault)
    return reply
  }
}

export type Locksmith = Served & { sandbox: Sandbox }

export type Options = Omit<ServeOptions, 'nextcloud' | 'smtp' | 'ways'> & {
  /** How it can revoke besides a log-in. */
  ways?: (sandbox: Sandbox) => WorldOptions['ways']
  /** One that runs already, or how to start one. */
  sandbox?: Sandbox | SandboxOptions
  smtp?: boolean
  /** Where people reach Nextcloud, if elsewhere. */
  publicUrl?: string
}

/** A whole Locksmith on a simulated Nextcloud. */
export async function startLocksmith(
  t: Test,
  { sandbox: given, smtp = true, publicUrl, ways, ...options }: Options = {}
): Promise<Locksmith> {
  const sandbox = given instanceof Sandbox ? given : await startSandbox(given)
  const url = new URL(sandbox.url)
  const watched = watchedLog()
  if (sandbox !== given) t.teardown(() => sandbox.close())
  const served = await serve(t, {
    ...options,
    log: options.log ?? watched.log,
    nextcloud: { url, publicUrl: new URL(publicUrl ?? url), admins: [sandbox.admin] },
    ...(ways && { ways: ways(sandbox) }),
    ...(smtp && { smtp: { url: sandbox.smtpUrl, from: 'Locksmith <locksmith@example.org>' } })
  })
  // tap runs what was added last first: a held fault would keep a step, and so the shutdown, waiting.
  t.teardown(() => sandbox.clearFaults())
  const said: string[] = []
  const call: Served['call'] = async (...request) => {
    const reply = await served.call(...request)
    said.push(reply.text, JSON.stringify([...reply.headers]))
    return reply
  }
  t.teardown(async () => {
    const { pool, metrics } = served.world
    const found = findCanaries(canariesOf(sandbox, firstKey, signingKey), {
      'log line': watched.lines.join(''),
      response: said.join('\n'),
      table: await dump(pool),
      metric: await metrics.registry.metrics()
    })
    // Thrown, it would keep the rest from being torn down.
    for (const leak of found) t.fail(leak)
  })
  return { ...served, call, sandbox }
}

/** Requests to a Locksmith, with the first key unless told otherwise. */
export function caller(url: string): Served['call'] {
  return async (method, path, { body, headers = {}, authorization = `Bearer ${firstKey}` } = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization !== null && { authorization }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    let parsed: unknown
    try {
      parsed = JSON.parse(text)
    } catch {}
    return { status: response.status, headers: response.headers, body: parsed, text }
  }
}

/** Asks until `is` holds, at most `seconds`. @throws with the last answer */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  is: (answer: T) => boolean,
  seconds = 15
): Promise<T> {
  const until = performance.now() + seconds * 1_000
  for (;;) {
    const answer = await ask()
    if (is(answer)) return answer
    if (performance.now() > until) throw new Error(`not within ${seconds} s; last: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/**
 * Why something was refused: at once by the request, or by the operation's first step where Nextcloud did
 * not say all within the second that the request gives it.
 */
export function refusalOf({
  status,
  body
}: Reply): { status: number; code: string } & Record<string, unknown> {
  return body.state === 'failed' ? body.problem : { ...body, status }
}
