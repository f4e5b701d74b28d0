import { openServer } from './database.ts'

// Another run in this checkout may still use it, and stops it when it ends.
const server = await openServer()
await server.stop()
