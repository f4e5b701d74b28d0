import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Context } from './context.ts'
import { UsageError } from './exit.ts'
import { write } from './io.ts'

/** Files have bytes that steer a terminal: there nothing is written that was not made for it. @throws UsageError */
export function assertNoTerminal({ io }: Context, output: string | undefined): void {
  if (output === undefined && io.stdout.isTTY)
    throw new UsageError('This is a file, and not for a terminal: say --output FILE, or send it on.')
}

/** A file as it comes, to standard output or to `output`, which is there once all of it is. */
export async function save(
  context: Context,
  body: ReadableStream<Uint8Array>,
  output: string | undefined
): Promise<void> {
  const { io } = context
  if (output === undefined) {
    for await (const piece of body) await write(io.stdout, piece)
    return
  }
  const part = `${output}.part`
  try {
    await pipeline(Readable.fromWeb(body as never), createWriteStream(part, { mode: 0o600 }), {
      signal: io.signal
    })
    await rename(part, output)
  } catch (error) {
    await rm(part, { force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code?.startsWith('E')) throw new UsageError(`${output} cannot be written (${code}).`)
    throw error
  }
  context.note(`${output} is written.`)
}
