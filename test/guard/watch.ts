import type { Sandbox } from '../../src/sandbox/index.ts'

/** Something that was done to somebody who is protected. */
export type Touch = { userId: string; effect: string; call: string }

/** Looks at everything that was done at Nextcloud to users while they are protected. */
export function createWatch(sandbox: Sandbox) {
  const since = new Map<string, number>()
  /** Who was let in for a log-in of ours and may be disabled again. */
  const letIn = new Set<string>()
  let read = 0
  const now = () => sandbox.calls().at(-1)?.number ?? read
  const touches: Touch[] = []
  /** Who was let in and is so no more. */
  const closed: string[] = []
  let effects = 0

  return {
    /** From now on; what was on its way before has an answer. */
    protect(userId: string) {
      if (!since.has(userId)) since.set(userId, now())
    },
    isProtected: (userId: string) => since.has(userId),
    /** Everything that was done since the last look; then whoever is not `still` protected may be touched again. */
    look(still: (userId: string) => boolean) {
      for (const { number, name, effects: made } of sandbox.calls()) {
        if (number <= read) continue
        for (const { userId, effect } of made) {
          effects++
          const from = since.get(userId)
          const closes = effect === 'disable' && letIn.delete(userId)
          if (effect === 'enable') letIn.add(userId)
          if (from === undefined || number <= from) continue
          if (closes) closed.push(userId)
          else touches.push({ userId, effect, call: name })
        }
      }
      read = now()
      for (const userId of [...since.keys()]) if (!still(userId)) since.delete(userId)
      letIn.clear()
    },
    touches,
    closed,
    effects: () => effects
  }
}
