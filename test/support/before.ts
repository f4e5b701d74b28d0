import pg from 'pg'
import { migrate } from '../../src/db/migrate.ts'
import { startJobs } from '../../src/jobs/jobs.ts'
import { advanceQueue } from '../../src/operations/queue.ts'
import { openServer, template } from './database.ts'

// Leaves PostgreSQL running for the test files; after.ts stops it.
const server = await openServer()
const admin = new pg.Client({ connectionString: await server.database('postgres') })
await admin.connect()
// Of the tests alone, and worth nothing: what a process writes survives its death, and this host will not lose its power.
if (!process.env.DATABASE_URL) {
  for (const setting of ['fsync', 'full_page_writes']) await admin.query(`ALTER SYSTEM SET ${setting} = off`)
  await admin.query('SELECT pg_reload_conf()')
  // Its password guards nothing, and is checked at each of some ten thousand connections.
  const { password } = new URL(await server.database('postgres'))
  await admin.query('SET scram_iterations = 1')
  await admin.query(`ALTER ROLE locksmith PASSWORD ${pg.escapeLiteral(password)}`)
}
// Several runs may begin at one moment: one makes the template, the others wait for it.
await admin.query('SELECT pg_advisory_lock(1)')
const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
if (!rowCount) {
  const making = `${template}_making`
  const url = await server.database(making, { fresh: true })
  await migrate(url)
  const jobs = await startJobs(url, [advanceQueue], (error) => console.error(error))
  await jobs.stop()
  await admin.query(`ALTER DATABASE ${making} RENAME TO ${template}`)
}
await admin.end()
process.exit(0)
