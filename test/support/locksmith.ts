import type { Test } from 'tap'
import { type Config, readConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { startWorker } from '../../src/operations/worker.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { createLog, createWorld, type World, type WorldOptions } from '../../src/world.ts'
import { testDatabase } from './database.ts'

export const firstKey = 'test-key-with-every-scope'

// biome-ignore lint/suspicious/noExplicitAny: what came back is what the test looks into
export type Reply<T = any> = { status: number; headers: Headers; body: T; text: string }

export type Locksmith = {
  sandbox: Sandbox
  world: World
  databaseUrl: string
  url: string
  /** A request with the first key, unless `authorization` says otherwise (null: none). */
  call(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; authorization?: string | null }
  ): Promise<Reply>
}

export type Options = {
  sandbox?: Sandbox | SandboxOptions
  env?: Record<string, string>
  databaseUrl?: string
  worker?: boolean
  smtp?: boolean
  log?: WorldOptions['log']
  checkpoint?: WorldOptions['checkpoint']
  nextcloudUrl?: string
  publicUrl?: string
}

/** A whole Locksmith against a simulated Nextcloud and a real PostgreSQL, over real HTTP; gone after the test. */
export async function startLocksmith(t: Test, options: Options = {}): Promise<Locksmith> {
  const databaseUrl = options.databaseUrl ?? (await testDatabase(t))
  const sandbox =
    'calls' in (options.sandbox ?? {})
      ? (options.sandbox as Sandbox)
      : await startSandbox(options.sandbox as SandboxOptions)
  const config: Config = readConfig({ RETRY_FIRST_SECONDS: '0.2', RETRY_MAX_SECONDS: '1', ...options.env })
  const url = new URL(options.nextcloudUrl ?? sandbox.url)
  const world = await createWorld({
    config,
    databaseUrl,
    nextcloud: { url, publicUrl: new URL(options.publicUrl ?? url), admin: sandbox.admin },
    ...(options.smtp !== false && {
      smtp: { url: sandbox.smtpUrl, from: 'Locksmith <locksmith@example.org>' }
    }),
    log: options.log ?? createLog('silent'),
    ...(options.checkpoint && { checkpoint: options.checkpoint })
  })
  const worker = options.worker === false ? undefined : await startWorker(world)
  const app = await createApp(world, firstKey)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(async () => {
    sandbox.clearFaults()
    await app.close()
    await worker?.stop()
    await world.close()
    if (sandbox !== options.sandbox) await sandbox.close()
  })

  return {
    sandbox,
    world,
    databaseUrl,
    url: address,
    async call(method, path, { body, headers = {}, authorization = `Bearer ${firstKey}` } = {}) {
      const response = await fetch(address + path, {
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
}
