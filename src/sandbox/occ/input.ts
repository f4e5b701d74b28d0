/** A mistake in what was typed: Symfony's RuntimeException. */
export class InputError extends Error {}

export interface Option {
  name: string
  shortcut?: string
  /** `none`: a switch; `optional`: works without one, too. */
  value: 'none' | 'optional' | 'required'
}

export interface Definition {
  arguments: readonly { name: string; required: boolean }[]
  options: readonly Option[]
}

export interface Input {
  arguments: Map<string, string>
  /** `true` for a switch; null where an optional value is left out. */
  options: Map<string, string | true | null>
}

/** The first word that is no option: the name of the command. */
export function firstArgument(argv: readonly string[]): string | undefined {
  return argv.find((word) => !word.startsWith('-') || word === '')
}

/** Reads words as Symfony's ArgvInput does; the first argument is the name of the command. */
export function parse(argv: readonly string[], command: string, definition: Definition): Input {
  const words = [...argv]
  const values: string[] = []
  const options: Input['options'] = new Map()
  let optionsEnd = false
  while (words.length > 0) {
    const word = words.shift()!
    if (!optionsEnd && word === '--') optionsEnd = true
    else if (!optionsEnd && word.startsWith('--')) long(word.slice(2), words, definition, options)
    else if (!optionsEnd && word.startsWith('-') && word.length > 1) short(word.slice(1), definition, options)
    else values.push(word)
  }
  return { arguments: named(values.slice(1), command, definition), options }
}

function long(text: string, words: string[], definition: Definition, options: Input['options']): void {
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  let value: string | undefined = equals < 0 ? undefined : text.slice(equals + 1)
  const option = definition.options.find((one) => one.name === name)
  if (!option) throw new InputError(`The "--${name}" option does not exist.`)
  if (option.value === 'none') {
    if (value !== undefined) throw new InputError(`The "--${name}" option does not accept a value.`)
    options.set(name, true)
    return
  }
  if (value === '') value = undefined
  // The next word is its value, unless it looks like an option.
  if (value === undefined && words.length > 0 && !words[0]!.startsWith('-')) value = words.shift()
  if (value === undefined && option.value === 'required')
    throw new InputError(`The "--${name}" option requires a value.`)
  options.set(name, value ?? null)
}

function short(letters: string, definition: Definition, options: Input['options']): void {
  for (const letter of letters) {
    const option = definition.options.find(({ shortcut }) => shortcut === letter)
    if (!option) throw new InputError(`The "-${letter}" option does not exist.`)
    options.set(option.name, true)
  }
}

function named(values: string[], command: string, definition: Definition): Map<string, string> {
  const { arguments: wanted } = definition
  if (values.length > wanted.length) {
    const names = wanted.map(({ name }) => `"${name}"`).join(' ')
    throw new InputError(`Too many arguments to "${command}" command, expected arguments ${names}.`)
  }
  const missing = wanted.slice(values.length).filter(({ required }) => required)
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ')
    throw new InputError(`Not enough arguments (missing: "${names}").`)
  }
  return new Map(values.map((value, index) => [wanted[index]!.name, value]))
}
