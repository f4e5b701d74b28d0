import { type EcsEvent, toEcs } from './ecs.ts'
import type { ForwardedEvent } from './forwarded.ts'

/**
 * Encodes an event; where that is longer than a receiver takes, without its details: a receiver would cut it in the
 * middle, and JSON that is cut cannot be read. It says so itself, by the tag `details-omitted` and how many bytes
 * they have in `locksmith.details_bytes`; everything else is there, and the audit itself keeps them.
 * @param mostBytes of what `encode` returns; nothing but details is ever left out, so an event may still be longer
 */
export function encodeWithin(
  mostBytes: number,
  event: ForwardedEvent,
  encode: (ecs: EcsEvent) => Buffer
): Buffer {
  const whole = encode(toEcs(event))
  return whole.length <= mostBytes ? whole : encode(withoutDetails(event))
}

function withoutDetails({ details, ...event }: ForwardedEvent): EcsEvent {
  // The reason and the problem, too, come from the details, and can be what is long.
  const ecs = toEcs({ ...event, details: {} })
  const bytes = Buffer.byteLength(JSON.stringify(details))
  return {
    ...ecs,
    tags: ['details-omitted'],
    locksmith: { ...(ecs.locksmith as object), details_bytes: bytes }
  }
}
