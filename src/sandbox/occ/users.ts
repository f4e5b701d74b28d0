import type { User } from '../model/users.ts'
import { argument, type Command, cliJson, output, type Run } from './command.ts'

const seen = (seconds: number): string =>
  seconds < 0
    ? 'unknown'
    : seconds === 0
      ? 'never'
      : new Date(seconds * 1000).toISOString().replace('.000Z', '+00:00')

function details({ nextcloud }: Run, user: User): Record<string, unknown> {
  const used = user.lastLogin > 0
  return {
    user_id: user.id,
    display_name: user.displayName,
    email: user.email ?? '',
    cloud_id: `${user.id}@http://${nextcloud.settings.trustedDomains[0]}`,
    enabled: user.enabled,
    groups: user.groups,
    quota: user.quota,
    storage: used ? { free: 70_928_883_712, used: 0, total: 70_928_883_712, relative: 0, quota: -3 } : [],
    first_seen: seen(user.firstLogin),
    last_seen: seen(user.lastLogin),
    user_directory: `/var/www/html/data/${user.id}`,
    backend: user.backend
  }
}

function info(run: Run): number {
  const user = run.nextcloud.users.find(argument(run, 'user'))
  if (!user) {
    run.write('user not found')
    return 1
  }
  const format = run.options.get('output')
  const data = details(run, user)
  if (format === 'json' || format === 'json_pretty') run.write(cliJson(data, format === 'json_pretty'))
  else for (const [name, value] of Object.entries(data)) plain(run, name, value)
  return 0
}

function plain({ write }: Run, name: string, value: unknown, prefix = '  - '): void {
  const list = typeof value === 'object' && value !== null
  write(list ? `${prefix}${name}:` : `${prefix}${name}: ${value}`)
  if (!list) return
  for (const [key, inner] of Object.entries(value))
    write(Array.isArray(value) ? `  ${prefix}${inner}` : `  ${prefix}${key}: ${inner}`)
}

export const userCommands: readonly Command[] = [
  {
    name: 'user:info',
    synopsis: () => 'user:info [--output [OUTPUT]] [--] <user>',
    arguments: [{ name: 'user', required: true }],
    options: [output],
    run: info
  }
]
