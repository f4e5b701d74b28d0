import type { Kind } from './operation.ts'
import { resetSteps } from './reset.ts'
import { resetMailSteps } from './reset-mail.ts'
import type { Step } from './step.ts'

const stepsByKind: Record<Kind, Step[]> = { reset: resetSteps, 'reset-mail': resetMailSteps }

/** The steps of a kind, in their order. */
export const stepsOf = (kind: Kind): Step[] => stepsByKind[kind]
