import { LocksmithError, LocksmithProblem, LocksmithTimeout, type Problem } from './client.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit.ts'
import { safe } from './safe.ts'

/** What a refusal says, what was and was not done, and the page with what to do. */
export function problemText({ title, code, detail, type }: Problem, url: string): string {
  return [`${safe(title)} (${safe(code)})`, `  ${safe(detail)}`, `  ${pageOf(type, url)}`].join('\n')
}

/** Where the page of a problem is: its type is a path of the service. */
export function pageOf(type: string, url: string): string {
  const base = url.endsWith('/') ? url : `${url}/`
  const at = URL.parse(type.replace(/^\//, ''), base)
  return at ? safe(at.href) : safe(type)
}

/** Says why a command failed: to people on standard error, to programs (`--json`) a problem as the document. */
export async function explain(context: Context, error: unknown): Promise<void> {
  if (error instanceof LocksmithProblem) {
    if (context.json) await context.document(error.problem)
    context.note(problemText(error.problem, context.connection().url))
  } else if (error instanceof LocksmithTimeout) {
    if (context.json) await context.document(error.operation)
    context.note(
      `Operation ${error.operation.id} is ${error.operation.state}, and goes on: locksmith operations watch ${error.operation.id}`
    )
  } else if (error instanceof LocksmithError) {
    context.note(safe(`${connectionText(error)} (${error.message})`))
  } else context.note(error instanceof UsageError ? error.message : safe(messageOf(error)))
}

function connectionText(error: LocksmithError): string {
  return error.status === undefined
    ? 'Locksmith does not answer: is the URL right, and does it run?'
    : 'What answers there is not Locksmith, or something stands before it.'
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
