/** What a dry run found, as people read it. */

import type { Html, Part } from '../html.ts'
import type { DryRunView } from '../operations/dry-run.schema.ts'
import { at, facts, html, person, pill, theirs } from './html.ts'
import { problemNote } from './problem-card.ts'
import { brakeWords, kindWords, stateWords, stepWords } from './words.ts'

/** What is compared: a plan that has become another one is shown again before anything is done. */
export const essenceOf = ({
  kind,
  userId,
  would,
  mail,
  revoke,
  options,
  steps,
  driver,
  problem
}: DryRunView) => ({
  kind,
  userId,
  would,
  mail,
  revoke,
  options,
  steps: steps.map(({ name, problem: not }) => [name, codeOf(not)]),
  driver: driver?.name,
  problem: codeOf(problem)
})
const codeOf = (problem: object | null) => (problem as { code?: string } | null)?.code ?? null

const would: Record<string, Part> = {
  queued: pill('good', 'It would begin at once'),
  'awaiting-approval': pill('warn', 'It would wait for a second person'),
  scheduled: pill('busy', 'It would begin later'),
  refused: pill('bad', 'It would be refused'),
  cancelled: pill('none', 'It would end as cancelled')
}

/** Where what was looked at is not what would be done by now. */
export const otherWay = html`<div class="note warn" role="alert"><p>Since you looked it would go another way. Nothing was done. Look again.</p></div>`

/** @param reason that would be kept */
export function planView(plan: DryRunView, reason?: string): Html {
  const { kind, userId, steps, driver, brakes, estimate, problem } = plan
  return html`<section class="card" aria-labelledby="plan"><h2 id="plan">What would happen</h2>
<p>${would[plan.would] ?? pill('busy', `Then it would be: ${stateWords[plan.would as keyof typeof stateWords].word.toLowerCase()}`)} <span class="soft">Nothing was changed by looking.</span></p>
${problemNote(problem, plan.would === 'refused' ? 'bad' : 'warn')}
${facts([
  ['What', kindWords[kind]],
  ['To whom', person(userId)],
  ['Why', reason && theirs(reason)],
  ['How access ends', driver && html`by ${driver.name}: ${theirs(driver.because)}`],
  [
    'Mail',
    kind !== 'disable' &&
      kind !== 'wipe' &&
      { nextcloud: 'the reset mail of Nextcloud', smtp: 'a mail of Locksmith', none: 'none to the user' }[
        plan.mail
      ]
  ],
  [
    'Over by',
    estimate && html`${at(estimate.finishedAt)}${estimate.ahead > 0 && `, after ${estimate.ahead} before it`}`
  ],
  ...brakes.map(({ brake, used, most }): [string, Part] => [
    brakeWords[brake]!,
    `${used} of ${most}, this one left out`
  ])
])}
${steps.length > 0 && html`<h3>Steps, in this order</h3><ol class="steps">${steps.map(({ name, problem: not }) => html`<li class="${not ? 'bad' : ''}">${stepWords[name] ?? name}${not && html`<p class="soft">Would not be done: ${(not as { detail?: string }).detail ?? (not as { title?: string }).title}</p>`}</li>`)}</ol>`}
</section>`
}
