import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Run } from './batch.ts'

export type { Run }

/** Where each test file leaves what it has seen, for `report.ts`. */
export const resultsFolder = fileURLToPath(new URL('../../../.locksmith/faults/', import.meta.url))

const collected: Run[] = []

/** Nothing may be broken; and the runs are kept for the table. */
export function conclude(t: Test, file: string, runs: Run[]): void {
  for (const { userId, kind, fault, broken } of runs) t.same(broken, [], `${kind} of ${userId}, ${fault}`)
  collected.push(...runs)
  mkdirSync(resultsFolder, { recursive: true })
  writeFileSync(`${resultsFolder}${file}.json`, JSON.stringify(collected))
}

/** How often the whole deck of faults is played; under 1, as by default and in CI: a sample of it. */
export const passes = Number(process.env.FAULT_PASSES ?? 0.25)
/** The first seed; each batch has the next one. */
export const firstSeed = Number(process.env.FAULT_SEED ?? 1)
