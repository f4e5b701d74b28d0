import type { Test } from 'tap'
import type { Scope } from '../../../src/access/scope.ts'
import { keyOf } from '../../access/caller.ts'
import {
  eventually,
  type Locksmith,
  type Options,
  type Reply,
  startLocksmith
} from '../../support/locksmith.ts'

export const clientScopes: Scope[] = ['users:read', 'users:offboard', 'users:delete']
export const password = 'Old-Password-4711'

export type Client = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>
) => Promise<Reply>

/** An identity provider with a key of its own; paths are those below /scim/v2. */
export async function clientOf(
  locksmith: Locksmith,
  owner = 'idp',
  more: { allowedGroups?: string[]; scopes?: Scope[] } = {}
): Promise<Client> {
  const { scopes = clientScopes, ...limits } = more
  const { authorization } = await keyOf(locksmith, scopes, { owner, ...limits })
  return (method, path, body, headers = {}) =>
    locksmith.call(method, `/scim/v2${path}`, {
      authorization,
      ...(body !== undefined && { body }),
      headers: { ...(body !== undefined && { 'content-type': 'application/scim+json' }), ...headers }
    })
}

/** `ann` and `bob` of acme, `gus` of globex. */
export async function setStage(t: Test, options: Options = {}) {
  const locksmith = await startLocksmith(t, options)
  const { sandbox, world } = locksmith
  for (const [id, group] of [
    ['ann', 'acme'],
    ['bob', 'acme'],
    ['gus', 'globex']
  ] as const)
    sandbox.createUser({
      id,
      displayName: `${id} of ${group}`,
      password,
      email: `${id}@example.org`,
      groups: [group]
    })
  return {
    ...locksmith,
    idp: await clientOf(locksmith),
    /** Somebody new of acme. */
    arrive(id: string, more: object = {}) {
      sandbox.createUser({ id, password, email: `${id}@example.org`, groups: ['acme'], ...more })
      return id
    },
    /** Operations of the user, by kind and state. */
    async operations(id: string, kind = 'offboard'): Promise<{ id: string; state: string }[]> {
      const { rows } = await world.pool.query(
        'SELECT id, state, input FROM operation WHERE place = $1 AND kind = $2 ORDER BY id',
        [id.toLowerCase(), kind]
      )
      return rows
    },
    /** Once nothing works on the user any more. */
    quiet: (id: string) =>
      eventually(
        async () =>
          (
            await world.pool.query(
              `SELECT FROM operation WHERE place = $1 AND state IN ('queued', 'running', 'waiting')`,
              [id.toLowerCase()]
            )
          ).rowCount,
        (open) => open === 0
      ),
    isEnabled: (id: string) => sandbox.users().find((user) => user.id === id)?.enabled
  }
}

export const patchOf = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations
})
export const activeIs = (value: unknown) => patchOf({ op: 'replace', path: 'active', value })
export const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const problemOf = (body: Record<string, { code: string }>) =>
  body['urn:locksmith:params:scim:api:messages:1.0:Problem']?.code

export type Stage = Awaited<ReturnType<typeof setStage>>
