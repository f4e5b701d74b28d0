/** What compiles and what does not: `npm run types` is the test. Nothing here is ever run. */
import { createLocksmith, LocksmithProblem, type Operation } from '../../clients/typescript/src/index.ts'

export async function typed(): Promise<void> {
  const locksmith = createLocksmith({ url: 'https://locksmith.example.org', apiKey: () => 'key' })
  const alice = { path: { userId: 'alice' } }

  const { data } = await locksmith.POST('/users/{userId}/reset', { params: alice })
  const operation: Operation = data
  operation.state satisfies 'queued' | 'running' | string
  // @ts-expect-error no such state
  if (operation.state === 'done') return
  await locksmith.POST('/users/{userId}/offboard', {
    params: alice,
    body: { reason: 'left', groups: 'all', deleteAfter: 'P30D' }
  })
  await locksmith.GET('/stop')
  await locksmith.POST('/stop')

  // @ts-expect-error no such path
  await locksmith.POST('/users/{userId}/resett', { params: alice })
  // @ts-expect-error that path has no such method
  await locksmith.PUT('/users/{userId}/reset', { params: alice })
  // @ts-expect-error the user is missing
  await locksmith.POST('/users/{userId}/reset')
  // @ts-expect-error the user is missing
  await locksmith.POST('/users/{userId}/reset', { params: { path: {} } })
  // @ts-expect-error a value that it cannot have
  await locksmith.POST('/users/{userId}/reset', { params: alice, body: { mail: 'pigeon' } })
  // @ts-expect-error a member that it does not have, which Locksmith refuses
  await locksmith.POST('/users/{userId}/reset', { params: alice, body: { reason: 'x', resaon: 'y' } })
  // @ts-expect-error what is needed is missing
  await locksmith.POST('/keys', { body: { name: 'desk' } })
  // @ts-expect-error a query member that it does not have
  await locksmith.GET('/users', { params: { query: { serach: 'a' } } })
  // @ts-expect-error a dry run answers something else: it is a call of its own
  await locksmith.POST('/users/{userId}/reset', { params: { ...alice, query: { dryRun: true } } })

  const dry = await locksmith.dryRun('POST', '/users/{userId}/offboard', { params: alice })
  dry.data.would satisfies string
  // @ts-expect-error it is no operation
  dry.data.id
  // @ts-expect-error it has no dry run
  await locksmith.dryRun('POST', '/keys', { body: { name: 'desk', scopes: ['users:read'] } })

  for await (const item of locksmith.all('/operations', { params: { query: { state: 'failed' } } }))
    item.kind satisfies string
  // @ts-expect-error it is no list
  locksmith.all('/stop')

  const text = await locksmith.GET('/audit/checkpoint')
  text.data satisfies string
  const stream = await locksmith.GET('/audit/export', { parseAs: 'stream' })
  stream.data satisfies ReadableStream<Uint8Array>

  await locksmith.waitForOperation(data, { signal: AbortSignal.timeout(1_000), timeout: 1_000 })
  // @ts-expect-error what came of a dry run cannot be waited for
  await locksmith.waitForOperation(dry.data)

  try {
    await locksmith.DELETE('/keys/{keyId}', { params: { path: { keyId: 'x' } } })
  } catch (error) {
    if (!(error instanceof LocksmithProblem)) throw error
    if (error.code === 'unknown-key') return
    // @ts-expect-error no such problem
    if (error.code === 'unkown-key') return
  }
}
