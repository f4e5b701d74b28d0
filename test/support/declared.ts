/** What the OpenAPI document says of an answer: whoever reads it must not meet another. */
import { readFileSync } from 'node:fs'

type Media = { examples?: Record<string, object> }
type Response = { $ref?: string; content?: Record<string, Media> }
type Operation = { responses: Record<string, Response> }
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, Response> }
}

const document: Document = JSON.parse(
  readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')
)
const templates = Object.keys(document.paths)
  .map((template) => ({ template, parts: template.split('/') }))
  // `/operations/undo` before `/operations/{operationId}`.
  .toSorted((a, b) => a.template.split('{').length - b.template.split('{').length)

const scimProblem = 'urn:locksmith:params:scim:api:messages:1.0:Problem'

/**
 * What an answer has that its operation does not declare: its status, or the code of its problem.
 * @returns undefined for what is declared, for no operation of the document, and for what no route was asked
 */
export function undeclared(
  method: string,
  path: string,
  { status, body }: { status: number; body?: unknown }
): string | undefined {
  const operation = operationAt(method, path)
  if (!operation) return undefined
  const said = `${method} ${path} answered ${status}`
  const { $ref, ...inline } = operation.responses[status] ?? {}
  if (!operation.responses[status]) return `${said}, which is not declared`
  const code = status < 400 ? undefined : codeOf(body)
  if (code === undefined) return undefined
  const { content = {} } = $ref ? document.components.responses[$ref.split('/').at(-1)!]! : inline
  const declared = Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples))
  return ['', 'scim-', 'unable-'].some((as) => declared.includes(`${as}${code}`))
    ? undefined
    : `${said} ${code}, of which only ${declared.join(', ')} are declared`
}

function operationAt(method: string, path: string): Operation | undefined {
  const asked = path.split('?', 1)[0]!.split('/')
  // What cannot be read reaches no route.
  if (!asked.every(isReadable)) return undefined
  const found = templates.find(
    ({ parts }) =>
      parts.length === asked.length &&
      parts.every((part, at) => (part.startsWith('{') ? asked[at] !== '' : part === asked[at]))
  )
  return found && document.paths[found.template]![method.toLowerCase()]
}

/** As the router sees it: escaped as UTF-8, and no longer than it takes. */
function isReadable(part: string): boolean {
  try {
    return decodeURIComponent(part).length <= 1_000
  } catch {
    return false
  }
}

/** Of a problem, or of one that stands within an error of SCIM. */
function codeOf(body: unknown): string | undefined {
  const { code, [scimProblem]: within } = (body ?? {}) as { code?: string; [scimProblem]?: { code: string } }
  return code ?? within?.code
}
