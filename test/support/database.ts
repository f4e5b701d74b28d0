import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Test } from 'tap'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** Migrated once and copied by each test; named after what it is made of, so that it is never stale. */
export const template = `template_${createHash('sha256').update(ingredients()).digest('hex').slice(0, 16)}`

function ingredients(): string {
  const folder = join(project, 'migrations')
  const migrations = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  return [...migrations, readFileSync(join(project, 'package-lock.json'), 'utf8')].join('\n')
}

/** One PostgreSQL for the whole run: DATABASE_URL where it is set, else the embedded one. */
export async function openServer() {
  const given = process.env.DATABASE_URL
  if (!given) return startEmbeddedPostgres(folder())
  return {
    async database(name: string, { fresh = false, template = 'template1' } = {}) {
      const client = new pg.Client({ connectionString: given })
      await client.connect()
      if (fresh) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
      if (!rowCount) await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
      await client.end()
      const url = new URL(given)
      url.pathname = `/${name}`
      return url.href
    },
    users: async () => 1,
    pid: 0,
    stop: async () => {}
  }
}

/** Root's PostgreSQL runs as another user, who cannot look into every checkout. */
function folder(): string {
  if (process.getuid?.() !== 0) return join(project, '.locksmith/test')
  const path = join('/var/lib/locksmith-test', Buffer.from(project).toString('base64url'))
  mkdirSync(path, { recursive: true, mode: 0o711 })
  return path
}

/** A fresh, migrated database for one test, dropped after it. @returns its connection string */
export async function testDatabase(t: Test): Promise<string> {
  const server = await openServer()
  const name = `t_${randomBytes(6).toString('hex')}`
  const url = await server.database(name, { template })
  t.teardown(async () => {
    const client = new pg.Client({ connectionString: url.replace(name, 'postgres') })
    await client.connect()
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await client.end()
  })
  return url
}
