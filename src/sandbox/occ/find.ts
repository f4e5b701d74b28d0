import type { Command } from './command.ts'
import { settingCommands } from './setting.ts'
import { statusCommands } from './status.ts'
import { tokenCommands } from './tokens.ts'
import { userCommands } from './users.ts'

/** No such command, or several. */
export class NotFound extends Error {
  /** The commands that begin with that word, as they are listed; '' where it is none of a group. */
  readonly listing: string
  constructor(message: string, listing = '') {
    super(message)
    this.listing = listing
  }
}

const commands: readonly Command[] = [
  ...statusCommands,
  ...userCommands,
  ...tokenCommands,
  ...settingCommands
]

/** By name, or by the beginnings of its parts where they fit one only. */
export function find(name: string): Command {
  const exact = commands.find((command) => command.name === name)
  if (exact) return exact
  const parts = name.split(':')
  const fits = ({ name: full }: Command): boolean => {
    const wholes = full.split(':')
    return wholes.length === parts.length && parts.every((part, at) => wholes[at]!.startsWith(part))
  }
  const [only, second] = commands.filter(fits)
  if (only && !second) return only
  if (only) throw new NotFound(`Command "${name}" is ambiguous.`)
  const below = commands.filter((command) => command.name.startsWith(`${name}:`))
  if (below.length > 0) {
    const lines = below.map((command) => `  ${command.name}\n`).join('')
    throw new NotFound('', `Available commands for the "${name}" namespace:\n${lines}`)
  }
  throw new NotFound(`Command "${name}" is not defined.`)
}
