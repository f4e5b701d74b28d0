import type { FastifyBaseLogger } from 'fastify'
import type { Problem } from '../errors.ts'
import type { Protection } from '../guard/protected.ts'
import type { Mailer } from '../mail/smtp.ts'
import type { FencedNextcloud } from '../nextcloud/client.ts'
import type { Grant, Limited } from '../nextcloud/limits.ts'
import type { Fence } from '../nextcloud/transport.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { Drivers } from '../revocation/choose.ts'
import type { OwnLogins } from '../revocation/own-logins.ts'
import type { Secret } from '../secret.ts'
import type { Input, Operation, Outcome } from './operation.ts'

export type StepResult =
  | {
      kind: 'done' | 'skipped'
      outcome: Outcome
      /** Of the first step: what is to be done, now that the user is known. */
      plan?: Planned[]
    }
  /**
   * Trying again cannot help: a person has to change something. Nothing was done by this step, unless it says so.
   * `inPart`: some of it was done, or may have been
   */
  | { kind: 'refused'; problem: Problem; outcome?: Outcome; inPart?: true }
  /** Trying again later can help, and is safe. */
  | ({ kind: 'wait'; problem: Problem } & Pause)
  /** It may have been done or not, and only a person may decide to do it again. */
  | { kind: 'unknown'; problem: Problem; outcome?: Outcome }

/** How long to wait; without any of these as long as the pauses that grow with each attempt. */
export type Pause = {
  /** At least so long from now. Milliseconds. */
  afterMs?: number
  /** Not before, by the database's clock. */
  at?: Date
  /** Just so long, by our own decision: nothing failed, so it uses up no patience. */
  planned?: true
  /** The user may be let in until it works: it is tried twice as long, and nothing else comes before it. */
  insists?: true
  /** Until somebody lets all go on that was stopped; it uses up no patience. */
  until?: 'resumed'
}

/** A step of an operation; or one that is known beforehand not to be done, and why. */
export type Planned = { step: Step; not?: { problem: Problem; outcome: Outcome } }

/** Held by one claim, never written anywhere: whoever takes over starts without it. */
export type Memory = { password?: Secret; user?: NextcloudUser }

/** What a step gets to work with. */
export type StepContext = {
  operation: Pick<Operation, 'id' | 'kind' | 'userId' | 'input' | 'supersedes' | 'steps' | 'createdAt'>
  /** The outcomes of the steps before, merged. */
  outcome: Outcome
  memory: Memory
  /** What an interrupted attempt of this very step had saved. */
  progress: Record<string, unknown> | null
  saveProgress(progress: object): Promise<void>
  /** Said right before the effect of a step that may be done once at most: a crash before it leaves nothing unknown. */
  begin(): Promise<void>
  /** For what changes something elsewhere than in Nextcloud: asked right before. */
  fence: Fence
  /** Leave to make the call that the step is `limited` by. */
  grant: Grant | undefined
  /** Keeps apart what Nextcloud calls "last login" and when we logged in ourselves. */
  ownLogins: OwnLogins
  nextcloud: FencedNextcloud
  protection: Protection
  /** How tokens can be revoked. */
  drivers: Drivers
  /** Puts the user's deletion off until then, in the place of one that was put off before. undefined: cancelled since */
  putOffDeletion(after: string): Promise<{ operation: string; at: string } | undefined>
  mailer: Mailer | undefined
  log: FastifyBaseLogger
}

export type Step = {
  name: string
  /** May it be done twice? The engine acts on it: see `run.ts`. */
  repeat:
    | { safe: string }
    /** `unknown`: what to say when it broke off and may have been done. */
    | {
        atMostOnce: string
        unknown(operation: Pick<Operation, 'input'>, known: Outcome): Extract<StepResult, { kind: 'unknown' }>
      }
  /** Whether, by what it saved, some of it may have been done when it broke off. */
  hasBegun?(progress: Record<string, unknown>): boolean
  /** Something of `memory` that this step makes, or cannot work without. */
  provides?: keyof Memory
  needs?(input: Input, known: Outcome): keyof Memory | undefined
  /**
   * It lets the user in while what was issued before may still be alive, until the named later step is done. So
   * whatever comes between, a crash included, it is undone first.
   * `undo`: @returns what is known from then on. @throws NextcloudError where the user is still let in, or may be
   */
  opens?: { until: string; undo(context: StepContext): Promise<Outcome> }
  /** What it uses up of Nextcloud's limits: its turn is awaited before the step is tried. */
  limited?(input: Input): Limited | undefined
  /** A read-only step leaves no intent in the audit and, when refused, changes nothing. */
  readOnly?: true
  run(context: StepContext): Promise<StepResult>
}

export const done = (outcome: Outcome = {}): StepResult => ({ kind: 'done', outcome })
export const skipped = (outcome: Outcome = {}): StepResult => ({ kind: 'skipped', outcome })
