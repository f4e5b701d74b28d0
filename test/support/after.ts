import pg from 'pg'
import { openServer } from './database.ts'

const server = await openServer()
const admin = new pg.Client({ connectionString: await server.database('postgres') })
await admin.connect()
const { rows } = await admin.query(`SELECT FROM pg_stat_activity WHERE datname LIKE 't\\_%'`)
await admin.end()
// Another run in this checkout still uses it, and stops it when it ends.
if (rows.length === 0) await server.stop()
