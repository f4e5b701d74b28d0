/**
 * Expressions of the Workflow Definition Language of Azure Logic Apps, which Power Automate has, too:
 * https://learn.microsoft.com/azure/logic-apps/workflow-definition-language-functions-reference. A function that our
 * example does not need is an error.
 */
import { randomUUID } from 'node:crypto'
import { textOf } from '../strict.ts'

export type Functions = Record<string, (...args: unknown[]) => unknown>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As texts are made of values: nothing of null, JSON of objects. */
const asText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/** All arguments are worked out before any of these, also of `if` and `coalesce`. */
const known: Functions = {
  and: (...all) => all.every((each) => yesOrNo(each)),
  base64: (text) => Buffer.from(textOf('base64', text)).toString('base64'),
  base64ToString: (text) => Buffer.from(textOf('base64ToString', text), 'base64').toString(),
  coalesce: (...all) => all.find((each) => each !== null && each !== undefined) ?? null,
  concat: (...all) => all.map((each) => textOf('concat', each)).join(''),
  contains(list, item) {
    if (!Array.isArray(list)) throw new Error('contains: only lists are known')
    return list.includes(item)
  },
  createArray: (...all) => all,
  empty: (text) => textOf('empty', text) === '',
  encodeUriComponent: (text) => encodeURIComponent(textOf('encodeUriComponent', text)),
  guid: () => randomUUID(),
  if: (condition, yes, no) => (yesOrNo(condition) ? yes : no),
  json: (text) => JSON.parse(textOf('json', text)),
  not: (value) => !yesOrNo(value),
  string: asText
}

function yesOrNo(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error(`not true or false: ${JSON.stringify(value)}`)
  return value
}

/** A value as it stands in a definition: texts with `@…` and `@{…}` in them worked out, at any depth. */
export function evaluate(value: unknown, more: Functions): unknown {
  if (Array.isArray(value)) return value.map((each) => evaluate(each, more))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, evaluate(each, more)]))
  if (typeof value !== 'string') return value
  const functions = { ...known, ...more }
  if (/^@[^@{]/.test(value)) {
    const reader = new Reader(value.slice(1), functions)
    const result = reader.expression()
    reader.atEnd()
    return result
  }
  if (/@@|@(?!\{)/.test(value)) throw new Error(`not known: ${value}`)
  let text = ''
  for (let rest = value; ; ) {
    const at = rest.indexOf('@{')
    if (at < 0) return text + rest
    const reader = new Reader(rest.slice(at + 2), functions)
    text += rest.slice(0, at) + asText(reader.expression())
    rest = reader.after('}')
  }
}

/** Reads an expression and works it out on the way. */
class Reader {
  private rest: string
  private readonly functions: Functions

  constructor(text: string, functions: Functions) {
    this.rest = text
    this.functions = functions
  }

  expression(): unknown {
    let value = this.simple()
    for (;;) {
      const access = this.take(/^(\??)\['((?:[^']|'')*)'\]/)
      if (!access) return value
      const [, isLenient, name = ''] = access
      if (isLenient && (value === null || value === undefined)) value = null
      else if (isObject(value) && (isLenient || Object.hasOwn(value, name))) value = value[name] ?? null
      else throw new Error(`${name} cannot be selected of ${JSON.stringify(value)}`)
    }
  }

  atEnd(): void {
    if (this.rest !== '') throw new Error(`not known: ${this.rest}`)
  }

  /** What comes after this sign, which has to be next. */
  after(sign: string): string {
    if (!this.rest.startsWith(sign)) throw new Error(`${sign} is missing before ${this.rest}`)
    return this.rest.slice(sign.length)
  }

  private take(form: RegExp): RegExpExecArray | undefined {
    const found = form.exec(this.rest) ?? undefined
    if (found) this.rest = this.rest.slice(found[0].length)
    return found
  }

  private simple(): unknown {
    const text = this.take(/^'((?:[^']|'')*)'/)
    if (text) return text[1]!.replaceAll("''", "'")
    const number = this.take(/^\d+/)
    if (number) return Number(number[0])
    const name = this.take(/^([a-zA-Z0-9]+)\(/)?.[1]
    if (name === undefined) throw new Error(`not known: ${this.rest}`)
    const call = this.functions[name]
    if (!call) throw new Error(`the function ${name} is not known`)
    const args: unknown[] = []
    while (!this.take(/^\)/)) {
      if (args.length > 0 && !this.take(/^, ?/)) throw new Error(`a comma is missing before ${this.rest}`)
      args.push(this.expression())
    }
    return call(...args)
  }
}
