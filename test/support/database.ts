import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Test } from 'tap'
import { startEmbeddedPostgres } from '../../src/db/embedded.ts'

/** Migrated once for the whole run; each test copies it. */
export const template = 'locksmith_test_template'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** One PostgreSQL for the whole run: DATABASE_URL where it is set, else the embedded one. */
export async function openServer() {
  const given = process.env.DATABASE_URL
  if (!given) return startEmbeddedPostgres(folder())
  return {
    async database(name: string, { fresh = false, template = 'template1' } = {}) {
      const client = new pg.Client({ connectionString: given })
      await client.connect()
      if (fresh) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
      await client.end()
      const url = new URL(given)
      url.pathname = `/${name}`
      return url.href
    },
    stop: async () => {}
  }
}

/** Root's PostgreSQL runs as another user, who cannot look into every checkout. */
function folder(): string {
  if (process.getuid?.() !== 0) return join(project, '.locksmith/test')
  const path = join('/var/tmp/locksmith-test', Buffer.from(project).toString('base64url'))
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
