import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import type { Test } from 'tap'
import { freePort } from '../support/port.ts'

const found = (...paths: string[]) => paths.find((path) => existsSync(path))
const server = found('/usr/sbin/mariadbd', '/usr/bin/mariadbd', '/usr/local/bin/mariadbd')
const install = found('/usr/bin/mariadb-install-db', '/usr/local/bin/mariadb-install-db')

/** Why the tests that need it cannot run here, if so. In CI they always run: one that is lacking fails them. */
export const skip =
  !(server && install) &&
  process.env.CI !== 'true' &&
  'mariadbd is not on this machine (package mariadb-server-core)'

export type MariaDb = {
  port: number
  admin: mysql.Connection
  /** Ends it and starts it anew, with its files as they were. */
  restart(): Promise<void>
}

/** root's server is run as nobody, whose ids are these wherever there is such a user. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

/** A MariaDB of this test alone, on a free port of 127.0.0.1; gone after it. */
export async function startMariaDb(t: Test): Promise<MariaDb> {
  if (!server || !install) throw new Error('mariadbd is not on this machine')
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-mariadb-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  mkdirSync(data)
  if (owner) for (const path of [folder, data]) chownSync(path, owner.uid, owner.gid)
  const made = spawnSync(
    install,
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { ...owner, encoding: 'utf8', cwd: folder, env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder } }
  )
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stderr}${made.stdout}`)
  const port = await freePort()
  const socket = join(folder, 'sock')
  let child: ChildProcess

  async function start(): Promise<mysql.Connection> {
    child = spawn(
      server!,
      [
        '--no-defaults',
        ...[`--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1'],
        ...[`--pid-file=${folder}/pid`, `--tmpdir=${folder}`, '--innodb-flush-log-at-trx-commit=0'],
        ...['--innodb-buffer-pool-size=32M', '--skip-name-resolve']
      ],
      { ...owner, stdio: 'ignore', cwd: folder, env: { PATH: process.env.PATH } }
    )
    for (let tries = 0; tries < 200; tries++) {
      if (child.exitCode !== null) throw new Error(`mariadbd ended at start (${child.exitCode})`)
      const connection = await mysql
        .createConnection({ socketPath: socket, user: 'root' })
        .catch(() => undefined)
      connection?.on('error', () => {})
      if (connection) return connection
      await sleep(100)
    }
    throw new Error('mariadbd did not start within 20 s')
  }
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  const mariadb: MariaDb = {
    port,
    admin: await start(),
    async restart() {
      mariadb.admin.destroy()
      await stop()
      mariadb.admin = await start()
    }
  }
  t.teardown(async () => {
    mariadb.admin.destroy()
    await stop()
  })
  return mariadb
}
