/** For `onRoute`: problems that a route is declared to answer leave in SCIM's form here. */
import type { RouteOptions } from 'fastify'
import type { Problem } from '../../errors.ts'
import { errorOf } from './errors.ts'
import { mediaType } from './urns.ts'

const problemType = 'application/problem+json'

type Answers = Record<string, { description: string; content?: Record<string, { examples?: object }> }>
type Examples = Record<string, { value: Problem }>

export function declareErrors(route: RouteOptions): void {
  const response = route.schema?.response as Answers | undefined
  if (!response) return
  const answers: Answers = {}
  for (const [status, declared] of Object.entries(response)) {
    const examples = declared.content?.[problemType]?.examples as Examples | undefined
    if (!examples) {
      answers[status] = declared
      continue
    }
    for (const [code, { value }] of Object.entries(examples)) {
      // Refused before its path was read, so it is not known to be for SCIM.
      if (code === 'headers-too-large') continue
      const body = errorOf(value)
      const at = (answers[body.status] ??= { description: '', content: { [mediaType]: scimErrors() } })
      at.description = [at.description, `${value.title} (\`${code}\`)`].filter(Boolean).join('. ')
      Object.assign(at.content![mediaType]!.examples!, { [`scim-${code}`]: { value: body } })
    }
  }
  route.schema = { ...route.schema, response: answers }
}

const scimErrors = () => ({ schema: { $ref: 'ScimError#' }, examples: {} })
