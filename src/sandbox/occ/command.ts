import type { Nextcloud } from '../model/nextcloud.ts'
import type { Definition, Input } from './input.ts'

/** What a command is given: `write` prints a line. */
export interface Run extends Input {
  nextcloud: Nextcloud
  write: (line: string) => void
}

export interface Command extends Definition {
  name: string
  /** As it is shown after an error. */
  synopsis: (nextcloud: Nextcloud) => string
  /** Only some versions have them. */
  hidden?: (nextcloud: Nextcloud) => readonly string[]
  run: (run: Run) => number
}

export const output = { name: 'output', value: 'optional' } as const

export const argument = ({ arguments: given }: Run, name: string): string => given.get(name) ?? ''

/** PHP's `json_encode`: unlike in answers over HTTP `<` and `>` stay. */
export function cliJson(value: unknown, pretty = false): string {
  return JSON.stringify(value, null, pretty ? 4 : 0)
    .replaceAll('/', '\\/')
    .replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
