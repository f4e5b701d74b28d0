import type { Token } from '../model/tokens.ts'
import { argument, type Command, cliJson, output, type Run } from './command.ts'
import { CommandFailure, outOfRange } from './failure.ts'
import { InputError } from './input.ts'
import { table } from './table.ts'

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', '+00:00')

function list(run: Run): number {
  const { nextcloud, write, options } = run
  // Found in any case here, though not where tokens are deleted.
  const user = nextcloud.users.find(argument(run, 'user'))
  if (!user) {
    write('user not found')
    return 1
  }
  const format = options.get('output') ?? 'plain'
  const rows = nextcloud.tokens.firstOf(user.id).map(({ id, name, lastActivity, type, filesystem }) => ({
    id,
    name,
    lastActivity,
    type,
    scope: { filesystem }
  }))
  if (format === 'json' || format === 'json_pretty') write(cliJson(rows, format === 'json_pretty'))
  else if (format !== 'plain' && rows.length > 0) throw new InputError(noCell)
  else for (const line of table(rows.map((row) => ({ ...row, ...plain(row) })))) write(line)
  return 0
}

const noCell = 'A cell must be a TableCell, a scalar or an object implementing "__toString()", "array" given.'

function plain({ lastActivity, type }: Pick<Token, 'lastActivity' | 'type'>): Record<string, string> {
  const kind = ['temporary', 'permanent', 'wipe'][type] ?? String(type)
  return { lastActivity: iso(lastActivity), type: kind, scope: 'filesystem' }
}

/** The id is matched exactly, and nothing is said when it is nobody's. */
function remove(run: Run): number {
  const { nextcloud, options } = run
  const uid = argument(run, 'uid')
  const id = Number.parseInt(argument(run, 'id'), 10) || 0
  const before = options.get('last-used-before')
  if (typeof before === 'string' && before !== '0') {
    if (id !== 0) throw new InputError('Option --last-used-before cannot be used with [<id>]')
    return removeUnused(run, uid, before)
  }
  if (id === 0) throw new InputError(noId)
  const token = nextcloud.tokens.get(id)
  if (token?.type === 2 && nextcloud.quirks.occSparesWiped && !options.has('cancel-wipe')) {
    run.write(
      `Token ${id} is marked for remote wipe. Pass --cancel-wipe to delete it anyway; the pending wipe will not run.`
    )
    return 1
  }
  if (!token) {
    const where = 'In PublicKeyTokenMapper.php line 103:'
    throw new CommandFailure([{ where, message: 'token does not exist' }])
  }
  if (token.userId === uid) nextcloud.tokens.removeUnseen(token)
  return 0
}

const noId = 'Not enough arguments. Specify the token <id> or use the --last-used-before option.'

/** All of them that were used last before that time, those that wait for a wipe too (fact 9). */
function removeUnused({ nextcloud }: Run, uid: string, text: string): number {
  const before = readTime(text)
  if (Math.abs(before) > 2 ** 31 - 1) throw outOfRange(text, nextcloud.version)
  for (const token of nextcloud.tokens.of(uid)) {
    if (token.lastActivity < before) nextcloud.tokens.removeUnseen(token)
  }
  return 0
}

function readTime(text: string): number {
  if (/^[+-]?[1-9]\d*$/.test(text)) return Number(text)
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}([+-]\d{2}:\d{2}|Z))?$/.test(text)
  const time = isDate ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return Math.floor(time / 1000)
  throw new InputError(
    'Invalid date format. Acceptable formats are: ISO8601 (w/o fractions), "YYYY-MM-DD" and Unix time in seconds.'
  )
}

export const tokenCommands: readonly Command[] = [
  {
    name: 'user:auth-tokens:list',
    synopsis: () => 'user:auth-tokens:list [--output [OUTPUT]] [--] <user>',
    arguments: [{ name: 'user', required: true }],
    options: [output],
    run: list
  },
  {
    name: 'user:auth-tokens:delete',
    synopsis: ({ quirks }) =>
      `user:auth-tokens:delete [--last-used-before LAST-USED-BEFORE]${quirks.occSparesWiped ? ' [--cancel-wipe]' : ''} [--] <uid> [<id>]`,
    arguments: [
      { name: 'uid', required: true },
      { name: 'id', required: false }
    ],
    options: [
      { name: 'last-used-before', value: 'required' },
      { name: 'cancel-wipe', value: 'none' }
    ],
    hidden: ({ quirks }) => (quirks.occSparesWiped ? [] : ['cancel-wipe']),
    run: remove
  }
]
