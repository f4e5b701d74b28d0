import { openServer } from './database.ts'

const server = await openServer()
await server.stop()
