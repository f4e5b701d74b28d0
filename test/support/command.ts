import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bare } from './bare.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Runs `locksmith` on the command line, with this environment and no other, until it ends. */
export async function runLocksmith(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...bare, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (output.out += chunk))
  child.stderr.on('data', (chunk) => (output.err += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}
