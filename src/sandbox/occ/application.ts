import type { Nextcloud } from '../model/nextcloud.ts'
import type { Command } from './command.ts'
import { box, CommandFailure } from './failure.ts'
import { find, NotFound } from './find.ts'
import { firstArgument, InputError, type Option, parse } from './input.ts'
import { announcements, noDatabase, warnings } from './weather.ts'

/** What a run of occ leaves behind. `hangs`: it never ends by itself. */
export interface OccResult {
  stdout: string
  stderr: string
  exit: number
  hangs: boolean
}

const general: readonly Option[] = [
  { name: 'help', shortcut: 'h', value: 'none' },
  { name: 'quiet', shortcut: 'q', value: 'none' },
  { name: 'verbose', shortcut: 'v', value: 'none' },
  { name: 'version', shortcut: 'V', value: 'none' },
  { name: 'ansi', value: 'none' },
  { name: 'no-ansi', value: 'none' },
  { name: 'no-interaction', shortcut: 'n', value: 'none' },
  { name: 'no-warnings', value: 'none' }
]

/** Runs one command as `php occ` does, by what it prints and how it exits. */
export function runOcc(nextcloud: Nextcloud, argv: readonly string[]): OccResult {
  const result = runInWeather(nextcloud, argv)
  nextcloud.occRuns.push({ argv, at: nextcloud.clock.now(), exit: result.exit })
  return result
}

function runInWeather(nextcloud: Nextcloud, argv: readonly string[]): OccResult {
  const { settings } = nextcloud
  const out: string[] = []
  if (settings.occ === 'hangs') return { stdout: '', stderr: '', exit: 0, hangs: true }
  const { stdout, stderr } = warnings(settings.occ)
  if (settings.databaseDown || settings.occ === 'broken')
    return { stdout: stdout + noDatabase, stderr, exit: 1, hangs: false }
  const said = stderr + announcements(settings, firstArgument(argv))
  const { errors, exit } = run(nextcloud, argv, (line) => out.push(`${plainText(line)}\n`))
  return { stdout: stdout + out.join(''), stderr: said + errors, exit, hangs: false }
}

function run(
  nextcloud: Nextcloud,
  argv: readonly string[],
  write: (line: string) => void
): { errors: string; exit: number } {
  let command: Command | undefined
  try {
    const name = firstArgument(argv)
    if (name === undefined) return { errors: '', exit: 0 }
    command = find(name)
    const hidden = command.hidden?.(nextcloud) ?? []
    const options = [...command.options, ...general].filter((option) => !hidden.includes(option.name))
    const input = parse(argv, command.name, { arguments: command.arguments, options })
    const quiet = input.options.has('quiet')
    return { errors: '', exit: command.run({ ...input, nextcloud, write: quiet ? () => {} : write }) }
  } catch (error) {
    if (error instanceof NotFound && error.listing !== '') return { errors: error.listing, exit: 1 }
    if (!(error instanceof InputError || error instanceof CommandFailure || error instanceof NotFound))
      throw error
    const places = error instanceof CommandFailure ? error.places : [{ where: '', message: error.message }]
    const usage = command ? `${command.synopsis(nextcloud)}\n\n` : ''
    return {
      errors: `\n${places.map(box).join('')}${usage}`,
      exit: error instanceof CommandFailure ? error.exit : 1
    }
  }
}

/** Symfony takes its own tags out of all that is printed; the names of tokens may hold some. */
function plainText(line: string): string {
  return line.replaceAll(/<\/?(info|error|comment|question)>|<\/>/g, '')
}
