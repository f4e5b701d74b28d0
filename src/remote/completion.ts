import type { Command } from 'commander'
import { UsageError } from './exit.ts'

export const shells = ['bash', 'zsh', 'fish'] as const

/** What may follow at one place of the command tree. */
type Place = {
  /** Names of the commands that lead there: `operations list`. */
  path: string
  words: { name: string; does: string }[]
  /** Values of options that take one of a few. */
  choices: { flag: string; values: string[] }[]
}

/** A script for the shell, made from the commands themselves. @throws UsageError for another shell */
export function completionOf(shell: string, program: Command): string {
  const places = placesOf(program, '')
  if (shell === 'bash') return bash(places)
  if (shell === 'zsh') return zsh(places)
  if (shell === 'fish') return fish(places)
  throw new UsageError(`There is completion for ${shells.join(', ')}.`)
}

function placesOf(command: Command, path: string): Place[] {
  const help = command.createHelp()
  const commands = help.visibleCommands(command).filter((each) => each.name() !== 'help')
  const options = help.visibleOptions(command)
  const flags = options.map(({ long, short, description }) => ({ name: long ?? short!, does: description }))
  const choices = options
    .filter(({ argChoices }) => argChoices !== undefined)
    .map(({ long, argChoices }) => ({ flag: long!, values: argChoices! }))
  const shell = path === 'completion' ? shells.map((name) => ({ name, does: 'shell' })) : []
  const words = [
    ...commands.map((each) => ({ name: each.name(), does: each.description() })),
    ...shell,
    ...flags
  ]
  return [
    { path, words, choices },
    ...commands.flatMap((each) => placesOf(each, path === '' ? each.name() : `${path} ${each.name()}`))
  ]
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
const namesOf = ({ words }: Place) => words.map(({ name }) => name).join(' ')

/** A line of `case` for each place, as bash and zsh both read it. */
const cases = (places: Place[], line: (place: Place) => string) =>
  places.map((place) => `    ${quoted(place.path)}) ${line(place)} ;;`).join('\n')

const choiceCases = (places: Place[], line: (values: string[]) => string) =>
  places
    .flatMap(({ path, choices }) =>
      choices.map(({ flag, values }) => `    ${quoted(`${path} ${flag}`)}) ${line(values)} ;;`)
    )
    .join('\n')

/** The words so far that are commands, from the outermost on. */
const walk = (places: Place[], words: string) => `  for word in ${words}; do
    case "$at\${at:+ }$word" in
      ${places
        .filter(({ path }) => path !== '')
        .map(({ path }) => quoted(path))
        .join('|')}) at="$at\${at:+ }$word" ;;
    esac
  done`

const bash = (places: Place[]) => `# bash completion of locksmith; made by: locksmith completion bash
_locksmith() {
  local at= word words= current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
${walk(places, `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
  case "$at $before" in
${choiceCases(places, (values) => `COMPREPLY=($(compgen -W ${quoted(values.join(' '))} -- "$current")); return`)}
  esac
  case "$at" in
${cases(places, (place) => `words=${quoted(namesOf(place))}`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _locksmith locksmith
`

const described = ({ words }: Place) =>
  words
    .map(({ name, does }) => quoted(`${name.replaceAll(':', '\\:')}:${does.replaceAll('\n', ' ')}`))
    .join(' ')

const zsh = (places: Place[]) => `#compdef locksmith
# zsh completion of locksmith; made by: locksmith completion zsh
_locksmith() {
  local at= word
  local -a found
${walk(places, `"\${(@)words[2,CURRENT-1]}"`)}
  case "$at \${words[CURRENT-1]}" in
${choiceCases(places, (values) => `compadd -- ${values.map(quoted).join(' ')}; return`)}
  esac
  case "$at" in
${cases(places, (place) => `found=(${described(place)})`)}
  esac
  _describe locksmith found || _files
}
if [ "\${funcstack[1]}" = _locksmith ]; then _locksmith "$@"; else compdef _locksmith locksmith; fi
`

const fish = (places: Place[]) => {
  const lines = places.flatMap(({ path, words, choices }) => {
    const here = `-n ${quoted(`test (__locksmith_at) = "${path}"`)}`
    return words.map(({ name, does }) => {
      if (!name.startsWith('-')) return `complete -c locksmith ${here} -a ${quoted(name)} -d ${quoted(does)}`
      const values = choices.find(({ flag }) => flag === name)?.values
      const flag = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`
      return `complete -c locksmith ${here} ${flag}${values ? ` -x -a ${quoted(values.join(' '))}` : ''} -d ${quoted(does)}`
    })
  })
  return `# fish completion of locksmith; made by: locksmith completion fish
function __locksmith_at
  set -l at
  for word in (commandline -opc)[2..]
    switch "$at$word"
      case ${places
        .filter(({ path }) => path !== '')
        .map(({ path }) => quoted(path))
        .join(' ')}
        set at "$at$word "
    end
  end
  echo (string trim -- "$at")
end
${lines.join('\n')}
`
}
