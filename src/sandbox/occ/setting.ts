import type { User } from '../model/users.ts'
import { argument, type Command, cliJson, output, type Run } from './command.ts'

/** The settings that the sandbox knows, by app and key. */
const known: Record<string, { read: (user: User) => string | null; clear: (user: User) => void }> = {
  'core lostpassword': {
    read: ({ pendingLink }) => pendingLink && `${pendingLink.createdAt}:${pendingLink.token}`,
    clear: (user) => void (user.pendingLink = null)
  },
  'settings email': { read: ({ email }) => email, clear: (user) => void (user.email = null) },
  'core lang': { read: ({ language }) => language, clear: (user) => void (user.language = 'en') }
}

/** Without a key: all that the user has, of one app or of all; the display name stands there in any case. */
function list({ options, write }: Run, user: User, app: string): number {
  const settings: Record<string, Record<string, string>> = {}
  for (const [name, { read }] of Object.entries(known)) {
    const [of, key] = name.split(' ') as [string, string]
    const value = read(user)
    if (value !== null && value !== '' && (app === '' || app === of)) (settings[of] ??= {})[key] = value
  }
  settings.settings = { ...settings.settings, display_name: user.displayName }
  if (options.get('output') === 'json') write(cliJson(settings))
  else
    for (const [of, values] of Object.entries(settings)) {
      write(`  - ${of}:`)
      for (const [key, value] of Object.entries(values)) write(`    - ${key}: ${value}`)
    }
  return 0
}

function complaint(run: Run, user: User | undefined): string | undefined {
  const { options } = run
  if (!user && !options.has('ignore-missing-user'))
    return `The user "${argument(run, 'uid')}" does not exist.`
  if (argument(run, 'key') === '' && options.has('delete'))
    return 'The "delete" option can only be used when specifying a key.'
  if (options.has('delete') && run.arguments.has('value'))
    return 'The "delete" option can not be used together with "value".'
  if (options.has('error-if-not-exists') && !options.has('delete'))
    return 'The "error-if-not-exists" option can only be used together with "delete".'
  return undefined
}

function setting(run: Run): number {
  const { options, write } = run
  // Found in any case, and named as it was created.
  const user = run.nextcloud.users.find(argument(run, 'uid'))
  const wrong = complaint(run, user)
  if (wrong !== undefined) {
    write(wrong)
    return 1
  }
  if (user && !run.arguments.get('key')) return list(run, user, argument(run, 'app'))
  const entry = known[`${argument(run, 'app')} ${argument(run, 'key')}`]
  const value = (user && entry?.read(user)) ?? null
  const missing = `The setting does not exist for user "${user?.id ?? argument(run, 'uid')}".`
  if (options.has('delete')) {
    if (value === null && options.has('error-if-not-exists')) {
      write(missing)
      return 1
    }
    if (user) entry?.clear(user)
    return 0
  }
  const shown = value ?? options.get('default-value')
  write(typeof shown === 'string' ? shown : missing)
  return typeof shown === 'string' ? 0 : 1
}

export const settingCommands: readonly Command[] = [
  {
    name: 'user:setting',
    synopsis: () =>
      'user:setting [--output [OUTPUT]] [--ignore-missing-user] [--default-value DEFAULT-VALUE] [--update-only] [--delete] [--error-if-not-exists] [--] <uid> [<app> [<key> [<value>]]]',
    arguments: [
      { name: 'uid', required: true },
      { name: 'app', required: false },
      { name: 'key', required: false },
      { name: 'value', required: false }
    ],
    options: [
      output,
      { name: 'ignore-missing-user', value: 'none' },
      { name: 'default-value', value: 'required' },
      { name: 'update-only', value: 'none' },
      { name: 'delete', value: 'none' },
      { name: 'error-if-not-exists', value: 'none' }
    ],
    run: setting
  }
]
