import { existsSync, readFileSync } from 'node:fs'
import Type from 'typebox'
import { DomainError } from '../errors.ts'
import { type ProblemCode, problems } from '../problems.ts'
import type { App } from './fastify.ts'
import { problemResponses } from './problem.ts'

const folder = new URL('../../docs/problems/', import.meta.url)

/** `type` of a problem is a path here: the page says what it means and what to do. */
export function problemPages(app: App): void {
  app.get(
    '/problems/:code',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'explainProblem',
        tags: ['service'],
        summary: 'What a problem means and what to do',
        description: 'The page that `type` of a problem leads to.',
        security: [],
        params: Type.Object({
          code: Type.String({
            pattern: '^[a-z0-9-]{1,60}$',
            description: '`code` of the problem',
            examples: ['two-factor-user']
          })
        }),
        response: {
          200: {
            description: 'A page in Markdown',
            content: { 'text/markdown': { schema: Type.String() } }
          },
          ...problemResponses('invalid-request', 'not-found', 'internal-error')
        }
      }
    },
    async (request, reply) => {
      const code = request.params.code
      const file = new URL(`${code}.md`, folder)
      // Only codes that we know: the path is never built from what a caller sends.
      if (!Object.hasOwn(problems, code as ProblemCode) || !existsSync(file)) {
        throw new DomainError('not-found', `Locksmith has no problem "${code}".`)
      }
      return reply
        .type('text/markdown; charset=utf-8')
        .header('cache-control', 'public, max-age=3600')
        .send(readFileSync(file, 'utf8'))
    }
  )
}
