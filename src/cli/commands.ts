/** What works on the database and the settings of this host; everything else is asked over REST. */
type Run = (args: string[]) => Promise<void>
export type HostCommand = { does: string; example: string; load: () => Promise<Run> }

/** `locksmith serve` and the like. */
export const processes: Record<string, HostCommand> = {
  serve: {
    does: 'the REST API, and work on operations (the usual one)',
    example: 'serve',
    load: async () => (await import('./serve.ts')).serve({ api: true, work: true })
  },
  api: {
    does: 'the REST API alone',
    example: 'api',
    load: async () => (await import('./serve.ts')).serve({ api: true, work: false })
  },
  work: {
    does: 'work on operations alone',
    example: 'work',
    load: async () => (await import('./serve.ts')).serve({ api: false, work: true })
  },
  migrate: {
    does: 'bring the database schema up to date',
    example: 'migrate',
    load: async () => (await import('./migrate.ts')).migrateCommand
  },
  openapi: {
    does: 'print the OpenAPI document',
    example: 'openapi',
    load: async () => (await import('./openapi.ts')).openapiCommand
  }
}

/** `locksmith host …`: for whoever has the host, also where the API does not answer. */
export const hostCommands: Record<string, HostCommand & { usage: string }> = {
  keys: {
    does: 'make, list, rotate and revoke API keys',
    example: 'host keys create --name desk --scope users:read --owner anna@acme.example',
    usage: `keys create           make an API key: --name NAME --scope users:read [--scope …] [--owner NAME]
                        [--expires-in P90D] [--cidr 10.0.0.0/8 …] [--group GROUP …]
                        [--require-idempotency-key]
  keys list             all keys, without their secrets; [--json]
  keys revoke ID        end a key at once
  keys rotate ID        a new key in its place; the old one goes on for [--overlap PT24H]`,
    load: async () => (await import('./keys.ts')).keysCommand
  },
  approvals: {
    does: 'decide where there is no second person yet',
    example: 'host approvals list',
    usage: `approvals list        what waits above a brake for a second person
  approvals show ID     the action, everyone on the list, and its hash
  approvals approve ID  --hash HASH [--reason WHY]: decides in place of a second person
  approvals reject ID   [--reason WHY]`,
    load: async () => (await import('./approvals.ts')).approvalsCommand
  },
  audit: {
    does: 'verify the audit log, sign it, export it, prune it',
    example: 'host audit verify',
    usage: `audit verify          whether the audit log is what was sealed: [--export FILE] [--checkpoint FILE …]
                        [--key KEY …] [--json]; ends with 1 where it is not
  audit export          the whole log, to be verified elsewhere; [--csv]: a table to read
  audit checkpoint      the signed head of the log
  audit key [NAME]      make a key to sign it with; --public: what others verify with
  audit pseudonymise U  put a pseudonym in the place of a person: [--also ADDRESS …] [--reason WHY]
  audit prune           delete what is older, once a second person agreed: --before TIME [--approval ID]
  audit go-on           after a restore from a backup that is not the last: [--reason WHY]`,
    load: async () => (await import('./audit.ts')).auditCommand
  },
  stop: {
    does: 'do nothing more to anybody, on any replica, until resume',
    example: 'host stop --reason "what I see"',
    usage: 'stop                  [--reason WHY]',
    load: async () => (await import('./stop.ts')).stopCommand
  },
  resume: {
    does: 'go on after a stop',
    example: 'host resume',
    usage: 'resume',
    load: async () => (await import('./stop.ts')).resumeCommand
  },
  credentials: {
    does: 'let the admin account of Nextcloud be used again after it was refused and mended',
    example: 'host credentials retry',
    usage: 'credentials retry',
    load: async () => (await import('./credentials.ts')).credentialsCommand
  },
  doctor: {
    does: 'what is wrong with this configuration, with Nextcloud and the database, and what mends it',
    example: 'host doctor',
    usage: `doctor                a table on a terminal, else (or with --json) JSON; ends with 1 on errors`,
    load: async () => (await import('./doctor.ts')).doctorCommand
  }
}
