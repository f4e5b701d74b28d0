import type { ForwardedEvent } from './forwarded.ts'
import { encodeWithin } from './within.ts'

/** NDJSON: one JSON object a line, each line with its end. */
export const ndjson = 'application/x-ndjson'

/** Of one line, in bytes: as much as a whole batch has. */
const mostLineBytes = 1_000_000

/** An event in fields of ECS, as a line of NDJSON in UTF-8. */
export const lineOf = (event: ForwardedEvent): Buffer =>
  encodeWithin(mostLineBytes, event, (ecs) => Buffer.from(`${JSON.stringify(ecs)}\n`))
