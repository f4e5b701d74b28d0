import { undelivered } from '../forward/delivery-error.ts'

/** Somewhere off this database, where signed checkpoints of the audit are left for whoever wants to verify it. */
export type CheckpointTarget = {
  /** `file`, `log`, or scheme, host and port of an endpoint. */
  name: string
  /** @throws where it is not known to be there */
  publish(note: string, signal: AbortSignal): Promise<void>
}

/** @property error why it is not there, in words of ours; undefined: it is */
export type Published = { target: string; error?: string }

/** Leaves a signed note in all these places at once; one that fails keeps none of the others from it. Never throws. */
export const publish = (
  note: string,
  targets: CheckpointTarget[],
  signal: AbortSignal
): Promise<Published[]> =>
  Promise.all(
    targets.map(async ({ name, publish }) => {
      try {
        await publish(note, signal)
        return { target: name }
      } catch (error) {
        return { target: name, error: undelivered(error).message }
      }
    })
  )
