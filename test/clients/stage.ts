import { type AddressInfo, connect, createServer } from 'node:net'
import type { Test } from 'tap'
import { createLocksmith, LocksmithProblem, type Options } from '../../clients/typescript/src/index.ts'
import { firstKey, type Options as StartOptions, startLocksmith } from '../support/locksmith.ts'

export const anna = { id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' }
export const ofAnna = { params: { path: { userId: 'anna' } } }

/** A Locksmith with anna in it, and a client. */
export async function startClient(t: Test, start: StartOptions = {}, options: Partial<Options> = {}) {
  const here = await startLocksmith(t, start)
  here.sandbox.createUser(anna)
  return { ...here, locksmith: createLocksmith({ url: here.url, apiKey: firstKey, ...options }) }
}

/** Forwards to `url`; of the next so many answers the connection breaks before any of it arrives. */
export async function startDropping(t: Test, url: string) {
  const { hostname, port } = new URL(url)
  const dropping = { url: '', left: 0, dropped: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      if (dropping.left === 0) return client.write(chunk)
      dropping.left--
      dropping.dropped++
      return client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  dropping.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return dropping
}

/** What it was refused with. */
export async function problemOf(call: Promise<unknown>): Promise<LocksmithProblem> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  if (error instanceof LocksmithProblem) return error
  throw new Error('no problem was thrown', { cause: error })
}
