import { insertKey, type NewKeyRow } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import type { Scope } from '../../src/access/scope.ts'
import type { Reply, Served } from '../support/locksmith.ts'

export type TestKey = { id: string; key: string; authorization: string }

/** A key as the command line of the host makes it. */
export async function keyOf(
  { world }: Pick<Served, 'world'>,
  scopes: Scope[],
  more: Partial<Omit<NewKeyRow, 'id' | 'secretHash' | 'scopes'>> = {}
): Promise<TestKey> {
  const { id, key, hash } = makeKey()
  await insertKey(world.pool, { name: 'test', ...more, id, secretHash: hash, scopes })
  return { id, key, authorization: `Bearer ${key}` }
}

/** The key in an answer to `POST /keys`. */
export const keyIn = ({ body }: Reply): TestKey => ({
  id: body.id,
  key: body.key,
  authorization: `Bearer ${body.key}`
})

export async function rowOf({ world }: Pick<Served, 'world'>, id: string) {
  const { rows } = await world.pool.query('SELECT * FROM api_key WHERE id = $1', [id])
  return rows[0]
}
