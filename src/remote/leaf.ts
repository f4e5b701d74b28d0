import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Common, type Context, createContext } from './context.ts'
import { type ExitCode, exit } from './exit.ts'
import type { Io } from './io.ts'

/** A command that does something. */
export type Leaf<O> = {
  /** Its name and arguments, as commander writes them: `access <user>`. */
  is: string
  /** One line, begun with a small letter. */
  does: string
  /** What one types, without the program's name. The first is the usual one. */
  examples: [string, ...string[]]
  options?: Option[]
  /** It is what the command above it does when nothing more is said. */
  isDefault?: boolean
  // biome-ignore lint/suspicious/noConfusingVoidType: most end with nothing to say, and that is `done`
  run(context: Context, args: (string | undefined)[], options: O & Common): Promise<ExitCode | void>
}

/** Where the tree is built: commands are added, and say in the end what they ended with. */
export type Tree = {
  io: Io
  ended: { code: ExitCode }
  examples: Map<Command, string[]>
  /** The command that was called, once it was. */
  at?: string
  context?: Context
}

export const option = (flags: string, does: string) => new Option(flags, does)

export const several = (flags: string, does: string) =>
  option(flags, does).argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value])

/** @param most inclusive */
export const number = (flags: string, does: string, least = 1, most = Number.MAX_SAFE_INTEGER) =>
  option(flags, does).argParser((text: string) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(
        `A number ${most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`}.`
      )
    return value
  })

/** RFC 3339, or a day, which begins at midnight UTC; sent as the API reads it. */
export const time = (flags: string, does: string) =>
  option(flags, does).argParser((text: string) => {
    const date = new Date(text)
    if (Number.isNaN(date.getTime()))
      throw new InvalidArgumentError('A time, such as 2026-11-30 or 2026-11-30T08:00:00Z.')
    return date.toISOString()
  })

export const choice = (flags: string, does: string, choices: readonly string[]) =>
  option(flags, does).choices(choices)

const common = () => [
  option('--json', "the API's own answer, and nothing else on standard output"),
  option('--url <url>', 'where Locksmith is; default: $LOCKSMITH_URL'),
  option('--profile <name>', 'of profiles.json; default: $LOCKSMITH_PROFILE'),
  option('--key-file <file>', 'holds the API key; default: $LOCKSMITH_API_KEY')
]

/** Adds a command. Its help ends with examples. */
export function addLeaf<O>(tree: Tree, parent: Command, leaf: Leaf<O>): Command {
  const [name = '', ...args] = leaf.is.split(' ')
  const command = parent.command([name, ...args].join(' '), { isDefault: leaf.isDefault === true })
  command.description(leaf.does)
  for (const each of [...(leaf.options ?? []), ...common()]) command.addOption(each)
  showExamples(tree, command, leaf.examples)
  command.action(async () => {
    const options = command.opts<O & Common>()
    tree.at = nameOf(command)
    tree.context = createContext(tree.io, options)
    tree.ended.code = (await leaf.run(tree.context, command.processedArgs, options)) ?? exit.done
  })
  return command
}

/** With those that it stands under: `operations list`. */
const nameOf = (command: Command): string => {
  const { parent } = command
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name()
}

/** A command that only holds others. */
export function addGroup(tree: Tree, parent: Command, name: string, does: string, example: string): Command {
  const command = parent.command(name).description(does)
  showExamples(tree, command, [example])
  return command
}

function showExamples(tree: Tree, command: Command, examples: string[]): void {
  tree.examples.set(command, examples)
  const lines = examples.map((example) => `  locksmith ${example}`)
  command.addHelpText('after', `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.join('\n')}`)
}
