/** What a checkpoint says (C2SP tlog-checkpoint). */
export type CheckpointHead = {
  origin: string
  /** How many leaves the tree has. */
  size: number
  /** Its root hash, base64. */
  root: string
}

/**
 * The first three lines of a checkpoint. No signature is looked at.
 * @returns undefined for what is none
 */
export function headOf(note: string): CheckpointHead | undefined {
  const [, origin, size, root] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z\d+/]{43}=)\n/.exec(note) ?? []
  return origin === undefined ? undefined : { origin, size: Number(size), root: root! }
}
