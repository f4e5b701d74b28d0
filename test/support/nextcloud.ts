import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { createPool } from '../../src/db/pool.ts'
import { createNextcloud, type Nextcloud, type NextcloudOptions } from '../../src/nextcloud/client.ts'
import { NextcloudError } from '../../src/nextcloud/errors.ts'
import { testMark } from './audit-keys.ts'
import { testDatabase } from './database.ts'

/** Our client alone, gone after the test. Nothing that fails makes it leave the server alone. */
export async function clientOf(
  t: Test,
  options: Pick<NextcloudOptions, 'url' | 'publicUrl' | 'admins' | 'appApi' | 'timeoutMs'>
): Promise<Nextcloud> {
  const databaseUrl = await testDatabase(t)
  const pool = createPool(databaseUrl, 10, testMark)
  const nextcloud = createNextcloud({
    ...options,
    databaseUrl,
    pool,
    circuit: { failuresToOpen: Number.POSITIVE_INFINITY, firstProbeSeconds: 1, mostProbeSeconds: 1 },
    log: { onRefused: () => {}, onAway: () => {}, onBack: () => {} }
  })
  t.teardown(async () => {
    await nextcloud.close()
    await pool.end()
  })
  return nextcloud
}

/** A server that answers as it is told, and where it listens. */
export async function scripted(t: Test, listener: RequestListener): Promise<URL> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

/** What a call came to: `no error`, or the variant of its NextcloudError. */
export const variantOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'no error',
    (error) => (error instanceof NextcloudError ? error.variant : String(error))
  )
