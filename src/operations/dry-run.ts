/** `?dryRun=true`: the very path that a request takes, with its last transaction taken back. Nothing is changed anywhere. */
import { inTransaction, inVain } from '../db/transaction.ts'
import { DomainError, type Problem } from '../errors.ts'
import { type BrakeState, readBrakes } from '../guard/brake.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import { RevocationError } from '../revocation/errors.ts'
import type { World } from '../world.ts'
import { type Estimate, estimate } from './estimate.ts'
import { limitsOf, passageOf } from './hold.ts'
import type { Input, Kind, Operation, Outcome } from './operation.ts'
import { type Asked, type Prepared, prepare, recordOperation } from './request.ts'

/** Longer than a request: an answer is what it is asked for. Milliseconds. */
const patience = { ms: 10_000, trust: false }

export type Plan = {
  kind: Kind
  userId: string
  input: Input
  /** How it would begin; `refused`: not at all, and `problem` says why. */
  would: Operation['state'] | 'refused'
  steps: { name: string; problem: Problem | null }[]
  driver: Outcome['driver'] | null
  brakes: Omit<BrakeState, 'freeAt'>[]
  estimate: Estimate | null
  problem: Problem | null
}

/** What would come of the request. */
export async function tryOperation(world: World, asked: Asked): Promise<Plan> {
  const { kind, userId, input } = asked
  const nothing = { kind, userId, input, steps: [], driver: null, brakes: [], estimate: null, problem: null }
  let prepared: Prepared
  try {
    prepared = await prepare(world, asked, patience)
  } catch (error) {
    return { ...nothing, would: 'refused', problem: problemOfRefusal(error) }
  }
  const { plan, choice } = prepared
  const known = {
    ...nothing,
    userId: prepared.userId,
    input: prepared.input,
    steps: plan.map(({ step, not }) => ({ name: step.name, problem: not?.problem ?? null })),
    driver: choice ?? null,
    brakes: await brakesNow(world, { kind, userId: prepared.userId, input: prepared.input })
  }
  try {
    const operation = await inVain(world.pool, (tx) => recordOperation(world, tx, asked, prepared))
    const expected = await estimate(world, operation)
    return { ...known, would: operation.state, estimate: expected, problem: operation.problem }
  } catch (error) {
    return { ...known, would: 'refused', problem: problemOfRefusal(error) }
  }
}

/** @throws whatever is no refusal */
function problemOfRefusal(error: unknown): Problem {
  if (error instanceof DomainError || error instanceof NextcloudError || error instanceof RevocationError)
    return error.problem
  throw error
}

async function brakesNow(world: World, about: Pick<Operation, 'kind' | 'userId' | 'input'>) {
  const states = await inTransaction(world.pool, (tx) => readBrakes(tx, limitsOf(world), passageOf(about)))
  return states.map(({ freeAt, ...state }) => state)
}
