import { isDeepStrictEqual } from 'node:util'

type Ref = { $ref: string }
type Example = { value: unknown }
type Media = { schema?: { required?: string[] }; examples?: Record<string, Example | Ref> }
type Response = { content?: Record<string, Media> }
type Operation = {
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses: Record<string, Response | Ref>
}
type Document = { components: object; paths: Record<string, Record<string, Operation>> }

/** Mends what @fastify/swagger cannot know, and writes once what it repeats: examples, and each problem that is alone. */
export function tidy<T extends object>(document: T): T {
  const { components, paths } = document as unknown as Document
  const examples: Record<string, Example> = {}
  const responses: Record<string, Response> = {}
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    // A body whose members may all be left out may itself be.
    const body = operation.requestBody
    if (body) body.required = Object.values(body.content).some(({ schema }) => schema?.required?.length)
    for (const [status, response] of Object.entries(operation.responses as Record<string, Response>)) {
      for (const media of Object.values(response.content ?? {})) {
        for (const [name, example] of Object.entries((media.examples ?? {}) as Record<string, Example>)) {
          once(examples, name, example)
          media.examples![name] = { $ref: `#/components/examples/${name}` }
        }
      }
      const [problem, ...others] = Object.keys(response.content?.['application/problem+json']?.examples ?? {})
      if (problem === undefined || others.length > 0) continue
      once(responses, problem, response)
      operation.responses[status] = { $ref: `#/components/responses/${problem}` }
    }
  }
  Object.assign(components, { examples, responses })
  return document
}

function once<T>(section: Record<string, T>, name: string, value: T) {
  if (!isDeepStrictEqual((section[name] ??= value), value)) throw new Error(`two things are named ${name}`)
}
