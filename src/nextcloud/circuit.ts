import type { Pool } from '../db/pool.ts'
import { claimProbe, closeCircuit, findOpenCircuit, openCircuit, renewCircuit } from './circuit.sql.ts'
import { NextcloudError, type Variant } from './errors.ts'

/** While Nextcloud is away, nobody calls it but one probe at a time, of all replicas. */
export type Circuit = {
  /** @throws NextcloudError what is wrong, and when it is looked at next */
  assertClosed(): Promise<void>
  /** What came of a call; undefined: an answer as Nextcloud gives it. */
  note(failure: NextcloudError | undefined): Promise<void>
  /** Makes the probe if it is due and nobody else does. @returns whether Nextcloud is back */
  probeIfDue(probe: () => Promise<unknown>): Promise<boolean>
}

export type CircuitOptions = {
  /** So many failures in a row, in one process, and it is not a single call's bad luck. */
  failuresToOpen: number
  /** When to look first, and how long between two looks at the most. Seconds. */
  firstProbeSeconds: number
  mostProbeSeconds: number
}

/** As long as Nextcloud's protection against guessing blocks an address. Seconds. */
const blockedSeconds = 300

const recheckMs = 1_000

/** Failures of the server as a whole. */
const ofServer: ReadonlySet<Variant> = new Set(['down', 'maintenance', 'rubbish', 'effect-unknown'])

export function createCircuit(
  pool: Pool,
  { failuresToOpen, firstProbeSeconds, mostProbeSeconds }: CircuitOptions,
  log: { onOpen(detail: string): void; onClosed(): void }
): Circuit {
  let open: NextcloudError | undefined
  let checkedAt = Number.NEGATIVE_INFINITY
  let failures = 0
  let checking: Promise<void> | undefined

  /** Whoever comes while it is looked up waits for what is found. */
  function check(): Promise<void> {
    checkedAt = performance.now()
    checking = look().finally(() => {
      checking = undefined
    })
    return checking
  }

  async function look(): Promise<void> {
    const row = await findOpenCircuit(pool)
    // It was only just closed: the first failure opens it again.
    if (!row && open) failures = failuresToOpen - 1
    open =
      row &&
      new NextcloudError(
        row.variant,
        `${row.detail} So it is since ${row.openSince.toISOString()}; operations wait, and go on by themselves once it is back.`,
        { at: row.nextProbeAt, awaySince: row.openSince, notSent: true }
      )
  }

  /** When to look first. Seconds. */
  function patienceFor(failure: NextcloudError): number {
    if (failure.isBlocked) return blockedSeconds
    const asked = failure.variant === 'maintenance' ? (failure.afterMs ?? 0) / 1_000 : 0
    return Math.min(Math.max(asked, firstProbeSeconds), 4 * mostProbeSeconds)
  }

  return {
    async assertClosed() {
      if (performance.now() - checkedAt > recheckMs) await check()
      else await checking
      if (open) throw open
    },

    async note(failure) {
      if (failure?.isOurs) return
      if (!failure || failure.isLimit || !(ofServer.has(failure.variant) || failure.isBlocked)) {
        failures = 0
        return
      }
      failures++
      // Maintenance and a blocked address are said, not guessed: the next call would be told the same.
      const sure = failure.variant === 'maintenance' || failure.isBlocked
      if (!sure && failures < failuresToOpen) return
      const variant = failure.variant === 'effect-unknown' ? 'down' : failure.variant
      if (await openCircuit(pool, variant, failure.message, patienceFor(failure), 10 * mostProbeSeconds))
        log.onOpen(failure.message)
      await check()
    },

    async probeIfDue(probe) {
      if (!(await claimProbe(pool, firstProbeSeconds, mostProbeSeconds))) return false
      try {
        await probe()
      } catch (error) {
        if (!(error instanceof NextcloudError)) throw error
        await renewCircuit(pool, error.variant, error.message, patienceFor(error))
        return false
      }
      const closed = await closeCircuit(pool)
      if (closed) log.onClosed()
      await check()
      return closed
    }
  }
}
