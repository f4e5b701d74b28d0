import { exit } from './exit.ts'
import { run } from './program.ts'

/** Runs a command over REST in this process: its streams, its signals, its exit code. */
export async function runAtTerminal(argv: string[]): Promise<void> {
  const { stdin, stdout, stderr, env } = process
  const interrupted = new AbortController()
  // The first lets what was begun end, a second does not.
  const onSignal = () => {
    if (interrupted.signal.aborted) process.exit(exit.interrupted)
    interrupted.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal)
  // `locksmith users | head`: who reads no more has what they wanted.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exit.done)
      throw error
    })
  process.exitCode = await run(argv, { stdin, stdout, stderr, env, signal: interrupted.signal })
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal)
  // A question, or a list from standard input, leaves it open.
  stdin.unref?.()
}
