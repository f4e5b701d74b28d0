import type { Operation, Problem } from '../client.ts'
import { problemText } from '../refusal.ts'
import { safe } from '../safe.ts'
import { type Look, painted, record, words } from '../table.ts'

const marks: Record<Operation['steps'][number]['state'], string> = {
  ...{ pending: '·', started: '…', done: '✓', skipped: '–', waiting: '…', failed: '✗', unknown: '?' }
}

/** Says what is new since it was seen last: a step that ended, or why it waits. */
export function createTeller(say: (line: string) => void): (operation: Operation) => void {
  const told = new Set<string>()
  return ({ steps, state, problem, resumeAt }) => {
    const lines = steps
      .filter((step) => step.state !== 'pending' && step.state !== 'started')
      .map((step) => `  ${marks[step.state]} ${safe(step.name)}`)
    if (state === 'waiting')
      lines.push(
        `  … waits until ${words(resumeAt)} UTC: ${safe(String((problem as Problem | null)?.detail ?? ''))}`
      )
    for (const line of lines)
      if (!told.has(line)) {
        told.add(line)
        say(line)
      }
  }
}

/** How it ended: what was done, what is left, and what is to be done. */
export function operationText(operation: Operation, url: string, look: Look): string {
  const { id, kind, userId, state, outcome, problem, approval, resumeAt } = operation
  const { user: _user, ...done } = outcome
  return [
    `${kind} of ${safe(userId)}: ${painted(state, look.colour)}  (operation ${id})`,
    ...(Object.keys(done).length > 0 ? [record(done, look, '  ')] : []),
    ...(problem ? [problemText(problem as Problem, url)] : []),
    ...(state === 'awaiting-approval' && approval
      ? // It is a path of the API; the command takes the id.
        [`Somebody else has to approve it: locksmith approvals show ${approval.split('/').at(-1)}`]
      : []),
    ...(state === 'scheduled' ? [`It begins at ${words(resumeAt)} UTC.`] : []),
    ...(state === 'needs-attention' ? [`Mended? Then: locksmith operations retry ${id}`] : [])
  ].join('\n')
}
