#!/usr/bin/env node
import { ConfigError } from './config.ts'

const usage = `locksmith <command>

  serve                 the REST API, and work on operations (the usual one)
  api                   the REST API alone
  work                  work on operations alone
  migrate               bring the database schema up to date
  keys create           make an API key: --name NAME --scope users:read [--scope …] [--owner NAME]
                        [--expires-in P90D] [--cidr 10.0.0.0/8 …] [--group GROUP …]
                        [--require-idempotency-key]
  approvals list        what waits above a brake for a second person
  approvals show ID     the action, everyone on the list, and its hash
  approvals approve ID  --hash HASH [--reason WHY]; or reject ID: decides in place of a second person
  keys list             all keys, without their secrets; [--json]
  keys revoke ID        end a key at once
  keys rotate ID        a new key in its place; the old one goes on for [--overlap PT24H]
  audit verify          whether the audit log is what was sealed: [--export FILE] [--checkpoint FILE …]
                        [--key KEY …] [--json]; ends with 1 where it is not
  audit export          the whole log, to be verified elsewhere; [--csv]: a table to read
  audit checkpoint      the signed head of the log
  audit key [NAME]      make a key to sign it with; --public: what others verify with
  audit pseudonymise U  put a pseudonym in the place of a person: [--also ADDRESS …] [--reason WHY]
  audit prune           delete what is older, once a second person agreed: --before TIME [--approval ID]
  audit go-on           after a restore from a backup that is not the last: [--reason WHY]
  stop                  do nothing more to anybody, on any replica, until resume: [--reason WHY]
  resume                go on after a stop
  credentials retry     let the admin account of Nextcloud be used again after it was refused and mended
  doctor                what is wrong with this configuration, with Nextcloud and the database, and what
                        mends it; a table on a terminal, else (or with --json) JSON; ends with 1 on errors
  openapi               print the OpenAPI document

Settings come from the environment: see docs/CONFIGURATION.md.
`

const commands: Record<string, () => Promise<(args: string[]) => Promise<void>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve({ api: true, work: true }),
  api: async () => (await import('./cli/serve.ts')).serve({ api: true, work: false }),
  work: async () => (await import('./cli/serve.ts')).serve({ api: false, work: true }),
  migrate: async () => (await import('./cli/migrate.ts')).migrateCommand,
  keys: async () => (await import('./cli/keys.ts')).keysCommand,
  approvals: async () => (await import('./cli/approvals.ts')).approvalsCommand,
  audit: async () => (await import('./cli/audit.ts')).auditCommand,
  credentials: async () => (await import('./cli/credentials.ts')).credentialsCommand,
  stop: async () => (await import('./cli/stop.ts')).stopCommand,
  resume: async () => (await import('./cli/stop.ts')).resumeCommand,
  doctor: async () => (await import('./cli/doctor.ts')).doctorCommand,
  openapi: async () => (await import('./cli/openapi.ts')).openapiCommand
}

const [name = '', ...args] = process.argv.slice(2)
const load = Object.hasOwn(commands, name) ? commands[name] : undefined
try {
  if (!load) {
    const asked = ['', 'help', '--help', '-h'].includes(name)
    process[asked ? 'stdout' : 'stderr'].write(asked ? usage : `locksmith: no command "${name}"\n\n${usage}`)
    process.exitCode = asked && name !== '' ? 0 : 2
  } else {
    await (await load())(args)
  }
} catch (error) {
  process.stderr.write(`locksmith ${name}: ${explain(error as NodeJS.ErrnoException)}\n`)
  process.exitCode = 1
}

/** What a person can act on, without a stack; anything else is a fault of ours, with it. */
function explain(error: NodeJS.ErrnoException & { port?: number }): string {
  if (error instanceof ConfigError || error.code?.startsWith('ERR_PARSE_ARGS')) return error.message
  if (error.code === 'EADDRINUSE')
    return `port ${error.port} is taken: set PORT to another (0 takes any free one).`
  const reasons = [error, ...((error as { errors?: NodeJS.ErrnoException[] }).errors ?? [])]
  if (reasons.some(({ code }) => code === 'ECONNREFUSED' || code === 'ENOTFOUND')) {
    return 'the database does not answer: is DATABASE_URL right, and does it run?'
  }
  return error.stack ?? String(error)
}
