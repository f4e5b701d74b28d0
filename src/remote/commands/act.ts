import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { type Kind, kinds, wishOf } from '../act/kinds.ts'
import { actOnOne } from '../act/one.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../exit.ts'
import { addLeaf, number, option, type Tree } from '../leaf.ts'
import { readFileOf, readList, type Source } from '../many/input.ts'
import { actOnMany, assertMayAsk, type Crowd, type ManyHow, usualParallel } from '../many/many.ts'

type Options = ManyHow & Source & Record<string, unknown>

export const waiting = () => [
  option('--no-wait', 'only begin it'),
  number('--timeout <seconds>', 'so long it is waited for; default: 600')
]

const how = () => [
  option('-y, --yes', 'do not ask'),
  option('--dry-run', 'say what would come of it, and change nothing'),
  ...waiting()
]

const crowd = () => [
  option('-f, --file <file>', 'many: a user id a line, or CSV with a head; `-`: standard input'),
  option('--column <name>', 'of the CSV, with the user ids; default: userId'),
  option('-g, --group <group>', 'many: everybody in this group of Nextcloud'),
  number('--parallel <n>', `so many at once; default: ${usualParallel}`, 1, 50),
  option('--report <file>', 'a CSV of what happened to whom'),
  option('--again', 'do once more what the same command did within the last 7 days'),
  option('--run <name>', 'this run is known again by a name, and not by its list').conflicts('again')
]

const examples: Partial<Record<Kind['name'], [string, ...string[]]>> = {
  reset: ['reset alice', 'reset alice --reason "ticket 4711" --yes', 'reset --group acme --report acme.csv'],
  offboard: [
    'offboard bob --wipe --delete-after P30D',
    'offboard --file leavers.csv --report done.csv',
    'offboard --file - --yes < leavers.txt'
  ],
  revoke: ['revoke alice --kind app-password', 'revoke --group acme --last-used-before 2026-01-01'],
  disable: ['disable alice --reason "laptop stolen"'],
  'reset-mail': ['reset-mail alice', 'reset-mail --file new.csv --column login']
}

/** `reset`, `offboard` and the others: one user by name, or many. */
export function addActs(tree: Tree, program: Command): void {
  for (const kind of kinds)
    addLeaf<Options>(tree, program, {
      is: `${kind.name} [user]`,
      does: kind.does,
      examples: examples[kind.name] ?? [`${kind.name} alice`],
      options: [...kind.options, ...how(), ...crowd()],
      run: (context, [user], options) => act(context, kind, user, options)
    })
}

async function act(context: Context, kind: Kind, user: string | undefined, options: Options) {
  const { file, column, group } = options
  const source = user === '-' ? '-' : file
  const given = [user !== '-' && user, source, group].filter(Boolean)
  if (given.length !== 1)
    throw new UsageError(
      `Say who: one user, or --file FILE, or --group GROUP. See locksmith ${kind.name} --help.`
    )
  const wish = wishOf(kind, options)
  if (source === undefined && group === undefined) return actOnOne(context, kind, user!, wish, options)
  assertMayAsk(context, kind, options)
  return actOnMany(context, kind, await crowdOf(context, source, column, group), wish, options)
}

async function crowdOf(
  context: Context,
  source: string | undefined,
  column: string | undefined,
  group: string | undefined
): Promise<Crowd> {
  if (group === undefined) {
    const isInput = source === '-'
    const list = isInput ? await text(context.io.stdin) : readFileOf(source!)
    const users = readList(list, column, isInput ? 'standard input' : source!)
    return { users, of: { users } }
  }
  const users: string[] = []
  const query = { group, limit: 200 }
  for await (const { id } of context
    .locksmith()
    .all('/users', { params: { query }, signal: context.io.signal }))
    users.push(id)
  if (users.length === 0) throw new UsageError(`Nobody is in the group "${group}".`)
  return { users, of: { name: `group:${group}` } }
}
