import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { firstKey } from '../../support/locksmith.ts'

const has = (program: string) => spawnSync(program, ['--version']).status === 0

/** For `t.test`: skipped, by name, where curl or jq is missing; never in CI. */
export const needsShell = {
  skip: !(has('curl') && has('jq')) && !process.env.CI ? 'curl or jq is not on this machine' : false
}

/** Runs it as somebody would who has set these two variables. @param input to its standard input */
export async function shell(
  args: string[],
  url: string,
  { input = '', cwd, env = {} }: { input?: string; cwd?: string; env?: Record<string, string> } = {}
) {
  const [program = '', ...rest] = args
  const child = spawn(program, rest, {
    ...(cwd && { cwd }),
    env: { PATH: process.env.PATH!, LOCKSMITH_URL: url, LOCKSMITH_API_KEY: firstKey, ...env }
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (output.out += chunk))
  child.stderr.on('data', (chunk) => (output.err += chunk))
  // It may end without having read it.
  child.stdin.on('error', () => {}).end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}
