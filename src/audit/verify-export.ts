/** Verifies a log from a file: whatever is in it, it is judged and does no harm. */
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Line } from './log.ts'
import { LogVerifier, type Verdict, type VerifyOptions } from './verify.ts'

const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
const OrNull = (schema: TSchema) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Open = Type.Object({}, { additionalProperties: true })

/** What a line has to have, so that it can be judged. */
const shapes = {
  export: Compile(
    Type.Object({
      version: Type.Literal(1),
      filter: OrNull(Open),
      pruned: OrNull(Type.Object({ size: Count, frontier: Type.Array(Hash) }))
    })
  ),
  event: Compile(
    Type.Object({
      index: Count,
      hash: Hash,
      entry: OrNull(
        Type.Object({ seq: Count, personal: Type.String(), action: Type.String(), details: Open })
      ),
      salt: OrNull(Type.String()),
      personal: OrNull(Open),
      erased: Type.Array(Type.String())
    })
  ),
  checkpoint: Compile(Type.Object({ size: Count, note: Type.String() })),
  end: Compile(Type.Object({ checkpoint: OrNull(Type.String()) }))
} satisfies Record<Line['type'], object>

/** @throws SyntaxError, TypeError */
function readLine(text: string): Line {
  const line = JSON.parse(text) as Line
  const shape = Object.hasOwn(shapes, line?.type) ? shapes[line.type] : undefined
  if (!shape?.Check(line)) throw new TypeError('It has not the shape of a line')
  return line
}

/** @param lines of a file as `exportNdjson` makes it, or of whatever somebody says is one */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  options: VerifyOptions
): Promise<Verdict> {
  const verifier = new LogVerifier(options)
  let number = 0
  let isOver = false
  for await (const text of lines) {
    number++
    try {
      const line = readLine(text)
      if ((line.type === 'export') !== (number === 1) || isOver) throw new TypeError('It is out of place')
      isOver = line.type === 'end'
      verifier.add(line)
    } catch {
      verifier.breakOff(`Line ${number} is none of an export.`)
      break
    }
  }
  return verifier.finish()
}
