import { isDeepStrictEqual } from 'node:util'

type Ref = { $ref: string }
type Example = { value: unknown }
type Media = { schema?: { type?: string; required?: string[] }; examples?: Record<string, Example | Ref> }
type Response = { content?: Record<string, Media> }
type Operation = {
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses: Record<string, Response | Ref>
}
type Document = { components: object; paths: Record<string, Record<string, Operation>> }

/** Problems that most routes have together, by their names in order, and what they are called. */
const shared: Record<string, string> = {
  'address-not-allowed limited-to-groups missing-scope': 'forbidden',
  'rate-limited too-many-failed-logins': 'too-many-requests',
  'database-unavailable identity-provider-unavailable': 'unavailable'
}

/** Mends what @fastify/swagger cannot know, and writes once what it repeats: examples, and problems that most routes share. */
export function tidy<T extends object>(document: T): T {
  const { components, paths } = document as unknown as Document
  const examples: Record<string, Example> = {}
  const responses: Record<string, Response> = {}
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    // A body whose members may all be left out may itself be.
    const body = operation.requestBody
    if (body)
      body.required = Object.values(body.content).some(
        ({ schema }) => schema?.type === 'string' || schema?.required?.length
      )
    for (const [status, response] of Object.entries(operation.responses as Record<string, Response>)) {
      for (const media of Object.values(response.content ?? {})) {
        for (const [name, example] of Object.entries((media.examples ?? {}) as Record<string, Example>)) {
          once(examples, name, example)
          media.examples![name] = { $ref: `#/components/examples/${name}` }
        }
      }
      const { prefix, problems } = problemsIn(response)
      // What several problems share is written once where it stands at most routes.
      const name = problems.length === 1 ? problems[0] : shared[problems.join(' ')]
      if (name === undefined) continue
      once(responses, prefix + name, response)
      operation.responses[status] = { $ref: `#/components/responses/${prefix}${name}` }
    }
  }
  Object.assign(components, { examples, responses })
  return document
}

/** By their codes, in order; in SCIM's form they are others, and are named so. */
function problemsIn({ content = {} }: Response): { prefix: string; problems: string[] } {
  const names = (type: string) => Object.keys(content[type]?.examples ?? {}).toSorted()
  const prefix = 'scim-'
  const scim = names('application/scim+json').filter((name) => name.startsWith(prefix))
  if (scim.length > 0) return { prefix, problems: scim.map((name) => name.slice(prefix.length)) }
  return { prefix: '', problems: names('application/problem+json') }
}

function once<T>(section: Record<string, T>, name: string, value: T) {
  if (!isDeepStrictEqual((section[name] ??= value), value)) throw new Error(`two things are named ${name}`)
}
