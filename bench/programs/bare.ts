/**
 * The least that could call itself "accepting a request durably": Fastify without any plugin, schema, key
 * check or log, and one INSERT of one row, committed before the 202.
 */
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import pg from 'pg'
import { onQuestion, tell } from './answer.ts'

onQuestion(() => ({}))
// As many connections as Locksmith's own pool has by default.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 })
await pool.query('CREATE TABLE accepted (id uuid PRIMARY KEY, user_id text NOT NULL, input jsonb NOT NULL)')
const app = Fastify()
app.post<{ Params: { userId: string } }>('/users/:userId/reset', async (request, reply) => {
  const id = randomUUID()
  await pool.query('INSERT INTO accepted (id, user_id, input) VALUES ($1, $2, $3)', [
    id,
    request.params.userId,
    request.body
  ])
  return reply.code(202).send({ id })
})
tell({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
