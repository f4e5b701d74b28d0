import type { Problem } from '../client.ts'
import { problemText } from '../refusal.ts'
import { safe } from '../safe.ts'
import { type Look, painted, words } from '../table.ts'
import type { DryRun } from './call.ts'

/** What would come of it, for whoever has to say yes. */
export function planText(dry: DryRun, url: string, look: Look): string {
  const { kind, userId, would, steps, driver, brakes, estimate, problem } = dry
  return [
    `${kind} of ${safe(userId)}: would be ${painted(would, look.colour)}`,
    ...steps.map((step) => `  · ${safe(step.name)}${step.problem ? `: ${safe(codeOf(step.problem))}` : ''}`),
    ...(driver ? [`  revoked by ${driver.name}: ${safe(driver.because)}`] : []),
    ...brakes.map(({ brake, used, most }) => `  brake "${brake}": ${used} of ${most} in 24 hours`),
    ...(estimate ? [`  over at about ${words(estimate.finishedAt)} UTC, ${estimate.ahead} before it`] : []),
    ...(problem ? [problemText(problem as Problem, url)] : [])
  ].join('\n')
}

const codeOf = (problem: object) => ('code' in problem ? String(problem.code) : '')
