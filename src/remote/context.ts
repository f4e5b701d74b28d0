import type { Locksmith } from './client.ts'
import { type Connection, connect, findConnection, type Where } from './connection.ts'
import { type Io, isColoured, widthOf, write } from './io.ts'
import { safeJson } from './safe.ts'
import { type Look, record } from './table.ts'

/** What every command can be told. */
export type Common = Where & { json?: boolean }

/** What a command works with: where it is asked, and where it says what came of it. */
export type Context = {
  io: Io
  json: boolean
  look: Look
  connection(): Connection
  locksmith(): Locksmith
  /** For people: standard output, and nothing with `--json`. A line's end is added. */
  say(text: string): Promise<void>
  /** Beside the answer: standard error. */
  note(text: string): void
  /** One document, of `--json`. */
  document(value: unknown): Promise<void>
  /** One line of many, of `--json`. */
  line(value: unknown): Promise<void>
  /** The answer: as it is with `--json`, else as `text` says it. */
  answer<T>(value: T, text: (value: T) => string): Promise<void>
  /** The answer, a member a line. */
  show(value: object): Promise<void>
}

export function createContext(io: Io, { json = false, ...where }: Common): Context {
  let connection: Connection | undefined
  let client: Locksmith | undefined
  const context: Context = {
    io,
    json,
    look: { width: widthOf(io.stdout), colour: isColoured(io, io.stdout) },
    connection: () => (connection ??= findConnection(io.env, where)),
    locksmith: () => (client ??= connect(context.connection())),
    say: async (text) => {
      if (!json) await write(io.stdout, `${text}\n`)
    },
    note: (text) => void io.stderr.write(`${text}\n`),
    document: (value) => write(io.stdout, `${safeJson(value, 2)}\n`),
    line: (value) => write(io.stdout, `${safeJson(value)}\n`),
    answer: (value, text) => (json ? context.document(value) : context.say(text(value))),
    show: (value) => context.answer(value, () => record(value, context.look))
  }
  return context
}
