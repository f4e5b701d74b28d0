import { PassThrough, Writable } from 'node:stream'
import type { Test } from 'tap'
import type { Io } from '../../src/remote/io.ts'
import { run } from '../../src/remote/program.ts'
import { firstKey, type Locksmith, type Options, startLocksmith } from '../support/locksmith.ts'

export type Ended = { code: number; out: string; err: string }

export type Circumstances = {
  env?: Record<string, string>
  /** What is typed, or sent on. */
  input?: string
  /** As at a terminal, so many columns wide. */
  terminal?: number
  signal?: AbortSignal
  onError?(text: string): void
}

/** Runs a command in this process, as `locksmith` does in its own. */
export async function runHere(args: string[], circumstances: Circumstances = {}): Promise<Ended> {
  const { env = {}, input, terminal, onError = () => {} } = circumstances
  const said = { out: '', err: '' }
  const tty = terminal !== undefined && { isTTY: true, columns: terminal }
  const into = (name: 'out' | 'err') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          said[name] += String(chunk)
          if (name === 'err') onError(String(chunk))
          done()
        }
      }),
      tty,
      // What a bar does to a line.
      tty && { cursorTo: () => true, clearLine: () => true, moveCursor: () => true }
    )
  const stdin = Object.assign(new PassThrough(), tty)
  if (input !== undefined) stdin.end(input)
  const io: Io = {
    stdin,
    stdout: into('out'),
    stderr: into('err'),
    env,
    signal: circumstances.signal ?? new AbortController().signal
  }
  const code = await run(args, io)
  return { code, ...said }
}

export type Stage = Locksmith & {
  env: Record<string, string>
  cli(args: string[], circumstances?: Circumstances): Promise<Ended>
}

/** A Locksmith, and its command line; what either says must not hold the key. */
export async function startStage(t: Test, options: Options = {}): Promise<Stage> {
  const locksmith = await startLocksmith(t, options)
  const home = t.testdir()
  const env = { LOCKSMITH_URL: locksmith.url, LOCKSMITH_API_KEY: firstKey, HOME: home }
  const cli: Stage['cli'] = async (args, circumstances = {}) => {
    const ended = await runHere(args, { ...circumstances, env: { ...env, ...circumstances.env } })
    if ((ended.out + ended.err).includes(firstKey)) t.fail(`the key is in what ${args.join(' ')} says`)
    return ended
  }
  return { ...locksmith, env, cli }
}
