import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { insertKey } from '../src/access/key.sql.ts'
import { makeKey } from '../src/access/key.ts'
import type { Scope } from '../src/access/scope.ts'
import { generateSigningKey } from '../src/audit/note.ts'
import { startEmbeddedPostgres } from '../src/db/embedded.ts'
import type { SandboxOptions } from '../src/sandbox/index.ts'
import { type Child, startChild } from './child.ts'

export type LocksmithUnderTest = Child & {
  url: string
  key: string
  /** What it has counted of Nextcloud's limits, where those of the sandbox begin anew. */
  forgetLimits(): Promise<void>
  /** First mails of campaigns that were to come later are due now. */
  makeMailsDue(): Promise<void>
}

export type LocksmithOptions = {
  nodeArgs?: string[]
  /** A mail server of its own, and mails that lead to where it listens. */
  smtpUrl?: string
  /** Of the key. Default: what a reset needs. */
  scopes?: readonly Scope[]
}

/** Dockerfile. */
const asInTheImage = ['--max-semi-space-size=8']
const usual: readonly Scope[] = ['users:reset']
const signingKey = generateSigningKey('bench.example/audit')

/** Where a part plays: it starts what it needs here, and all of it goes away with `clear` or `close`. */
export type Stage = {
  /** `embedded` or `of DATABASE_URL`. */
  postgres: string
  /** A fresh, empty database. @returns its connection string */
  database(): Promise<string>
  child: typeof startChild
  /** The simulated Nextcloud in a process of its own; see `programs/sandbox.ts` for what it can be asked. */
  sandbox(options: SandboxOptions): Promise<Child>
  /** What `locksmith serve` or `locksmith api` starts, on a fresh database, with an API key that stands in a table. */
  locksmith(command: 'serve' | 'api', sandbox: Child, options?: LocksmithOptions): Promise<LocksmithUnderTest>
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const given = process.env.DATABASE_URL
  const embedded = given ? undefined : await startEmbeddedPostgres(folder())
  const server = given ?? (await embedded!.database('postgres'))
  const children: Child[] = []
  const databases: string[] = []

  const child: typeof startChild = async (...asked) => {
    const started = await startChild(...asked)
    children.push(started)
    return started
  }

  async function database(): Promise<string> {
    const name = `bench_${randomBytes(6).toString('hex')}`
    await withClient(server, (client) => client.query(`CREATE DATABASE ${name}`))
    databases.push(name)
    const url = new URL(server)
    url.pathname = `/${name}`
    return url.href
  }

  async function clear(): Promise<void> {
    for (const each of children.splice(0).reverse()) await each.stop()
    await withClient(server, async (client) => {
      for (const name of databases.splice(0))
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    })
  }

  return {
    postgres: given ? 'of DATABASE_URL' : 'embedded',
    database,
    child,
    sandbox: (options) => child('sandbox', { args: [JSON.stringify(options)] }),
    async locksmith(command, sandbox, { nodeArgs = [], smtpUrl, scopes = usual } = {}) {
      const databaseUrl = await database()
      const port = await freePort()
      const started = await child('locksmith', {
        args: [command],
        nodeArgs: [...asInTheImage, ...nodeArgs],
        env: {
          DATABASE_URL: databaseUrl,
          AUDIT_SIGNING_KEY: signingKey,
          NEXTCLOUD_URL: sandbox.ready.url,
          NEXTCLOUD_ADMIN_USER: sandbox.ready.admin.user,
          NEXTCLOUD_ADMIN_PASSWORD: sandbox.ready.admin.password,
          PORT: String(port),
          ...(smtpUrl && {
            SMTP_URL: smtpUrl,
            MAIL_FROM: 'it@bench.example',
            PUBLIC_URL: `http://127.0.0.1:${port}`
          }),
          // What is measured is the work, by one key.
          BRAKE_LOCK_OUTS: '100000000',
          RATE_LIMIT_PER_MINUTE: '100000000'
        }
      })
      const { id, key, hash } = makeKey()
      await withClient(databaseUrl, (client) =>
        insertKey(client, { id, name: 'bench', secretHash: hash, scopes: [...scopes] })
      )
      const run = (sql: string) => withClient(databaseUrl, (client) => client.query(sql))
      return {
        ...started,
        url: `http://127.0.0.1:${port}`,
        key,
        forgetLimits: () => run('DELETE FROM limit_use'),
        makeMailsDue: () => run(`UPDATE participant SET due_at = locksmith_now() WHERE state = 'waiting'`)
      }
    },
    clear,
    async close() {
      await clear().catch((error) => process.stderr.write(`bench: ${error}\n`))
      await embedded?.stop()
    }
  }
}

async function withClient(
  connectionString: string,
  work: (client: pg.Client) => Promise<unknown>
): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** Root's PostgreSQL runs as another user, who cannot look into every checkout. */
function folder(): string {
  const project = fileURLToPath(new URL('..', import.meta.url))
  if (process.getuid?.() !== 0) return join(project, '.locksmith/bench')
  const path = join('/var/lib/locksmith-bench', Buffer.from(project).toString('base64url'))
  mkdirSync(path, { recursive: true, mode: 0o711 })
  return path
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
