import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '../config.ts'

export type SpawnedSandbox = {
  url: string
  smtpUrl: string
  admin: { user: string; password: string }
  stop(): Promise<void>
}

const program = fileURLToPath(new URL('../sandbox/main.ts', import.meta.url))
const usualPort = 8080

/** Starts the simulated Nextcloud as a program of its own; it ends with us, however we end. */
export async function spawnSandbox(): Promise<SpawnedSandbox> {
  if (!existsSync(program))
    throw new ConfigError(
      'NEXTCLOUD_URL is missing. The built program brings no simulated Nextcloud; a checkout of the sources does: `npm start`.'
    )
  const port = (await isFree(usualPort)) ? usualPort : 0
  const child = spawn(
    process.execPath,
    [program, '--json', '--with-parent', '--port', String(port), '--smtp-port', '0'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Ctrl-C is for us: the sandbox stays until running steps have ended.
      detached: true
    }
  )
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`the sandbox ended at start (${code})`)))
  )
  ended.catch(() => {})
  const line = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve)
  )
  const said = JSON.parse(await Promise.race([line, ended])) as Omit<SpawnedSandbox, 'stop'>
  return {
    ...said,
    stop: async () => {
      child.kill('SIGTERM')
      await ended.catch(() => {})
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
