import { ConfigError } from '../config.ts'
import { hostCommands, processes } from './commands.ts'

/** What works on this host: `serve`, `migrate`, `host keys create` …. @returns undefined where it is none of these */
export function findHere(argv: string[]): { name: string; run(): Promise<void> } | undefined {
  const [first = '', second = '', ...rest] = argv
  if (argv.some((word) => word === '--help' || word === '-h')) return undefined
  const isHost = first === 'host' && Object.hasOwn(hostCommands, second)
  const command = isHost
    ? hostCommands[second]
    : Object.hasOwn(processes, first)
      ? processes[first]
      : undefined
  if (!command) return undefined
  const args = isHost ? rest : argv.slice(1)
  return { name: isHost ? `host ${second}` : first, run: async () => (await command.load())(args) }
}

/** What a person can act on, without a stack; anything else is a fault of ours, with it. */
export function explain(error: NodeJS.ErrnoException & { port?: number }): string {
  if (error instanceof ConfigError || error.code?.startsWith('ERR_PARSE_ARGS')) return error.message
  if (error.code === 'EADDRINUSE')
    return `port ${error.port} is taken: set PORT to another (0 takes any free one).`
  const reasons = [error, ...((error as { errors?: NodeJS.ErrnoException[] }).errors ?? [])]
  if (reasons.some(({ code }) => code === 'ECONNREFUSED' || code === 'ENOTFOUND')) {
    return 'the database does not answer: is DATABASE_URL right, and does it run?'
  }
  return error.stack ?? String(error)
}
