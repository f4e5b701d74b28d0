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

const forbidden = ['missing-scope', 'address-not-allowed', 'limited-to-groups']
const badRequest = ['malformed-json', 'invalid-request']
const keyed = ['idempotency-key-missing', 'idempotency-key-invalid']
const unavailable = ['database-unavailable', 'identity-provider-unavailable']
const nextcloudAway = [
  'nextcloud-unreachable',
  'nextcloud-maintenance',
  'nextcloud-busy',
  'nextcloud-credentials-refused'
]
const halted = ['protected-users-unresolved', 'stopped']

/** Problems that many routes have together, and what they are called. */
const together: Record<string, string[]> = {
  'bad-request': badRequest,
  'bad-request-or-key': [...badRequest, ...keyed],
  'bad-request-or-key-or-user-id': [...badRequest, ...keyed, 'invalid-user-id'],
  forbidden,
  'forbidden-or-protected': [...forbidden, 'protected-user'],
  'cannot-be-reset': [
    'own-account',
    'no-mail-address',
    'cannot-set-password',
    'two-factor-user',
    'two-factor-enforced',
    'encryption-per-user-keys',
    'smtp-not-configured',
    'idempotency-key-reused'
  ],
  'too-many-requests': ['rate-limited', 'too-many-failed-logins'],
  'bad-gateway': ['nextcloud-unexpected-answer', 'nextcloud-not-allowed', 'nextcloud-untrusted-host'],
  unavailable,
  'unavailable-or-nextcloud': [...unavailable, ...nextcloudAway],
  'unavailable-or-halted': [...unavailable, ...nextcloudAway, ...halted],
  'unavailable-or-halted-or-revocation': [
    ...unavailable,
    ...nextcloudAway,
    ...halted,
    'revocation-unavailable'
  ]
}

const keyOf = (problems: string[]) => problems.toSorted().join(' ')
const shared = new Map(Object.entries(together).map(([name, problems]) => [keyOf(problems), name]))

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
      // What several problems share is written once where it stands at many routes.
      const name = problems.length === 1 ? problems[0] : shared.get(keyOf(problems))
      if (name === undefined) continue
      once(responses, prefix + name, response)
      operation.responses[status] = { $ref: `#/components/responses/${prefix}${name}` }
    }
  }
  Object.assign(components, { examples, responses })
  return document
}

/** By their codes; in SCIM's form they are others, and are named so. */
function problemsIn({ content = {} }: Response): { prefix: string; problems: string[] } {
  const names = (type: string) => Object.keys(content[type]?.examples ?? {})
  const prefix = 'scim-'
  const scim = names('application/scim+json').filter((name) => name.startsWith(prefix))
  if (scim.length > 0) return { prefix, problems: scim.map((name) => name.slice(prefix.length)) }
  return { prefix: '', problems: names('application/problem+json') }
}

function once<T>(section: Record<string, T>, name: string, value: T) {
  if (!isDeepStrictEqual((section[name] ??= value), value)) throw new Error(`two things are named ${name}`)
}
