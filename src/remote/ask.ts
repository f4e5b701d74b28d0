import { createInterface } from 'node:readline/promises'
import { Declined, Interrupted, UsageError } from './exit.ts'
import { type Io, isAttended } from './io.ts'

/** Before anything is asked of Locksmith: nobody there, and nobody said that it may be done. @throws UsageError */
export function assertAttended(io: Io, yes: boolean, what: string): void {
  if (!yes && !isAttended(io))
    throw new UsageError(
      `${what} is asked for at a terminal, and this is none: say --yes to do it, or --dry-run to see what would come of it. Nothing was done.`
    )
}

/** @throws Declined unless the answer is yes, Interrupted at Ctrl-C */
export async function agree(io: Io, question: string): Promise<void> {
  if (!/^y(es)?$/i.test(await ask(io, `${question}? [y/N] `))) throw new Declined('Nothing was done.')
}

/** The answer to a question, of the terminal alone. @throws Interrupted at Ctrl-C */
export async function ask({ stdin, stderr, signal }: Io, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: false })
  try {
    stderr.write(question)
    const answer = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
      const stop = () => reject(new Interrupted('Nothing was done.'))
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
    })
    return answer.trim()
  } finally {
    lines.close()
  }
}
