import { migrate } from '../../src/db/migrate.ts'
import { startJobs } from '../../src/jobs/jobs.ts'
import { advanceQueue } from '../../src/operations/queue.ts'
import { openServer, template } from './database.ts'

// Leaves PostgreSQL running for the test files; after.ts stops it.
const server = await openServer()
const url = await server.database(template, { fresh: true })
await migrate(url)
const jobs = await startJobs(url, [advanceQueue], (error) => console.error(error))
await jobs.stop()
process.exit(0)
