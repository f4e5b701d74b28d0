import { existsSync, readFileSync } from 'node:fs'
import Type from 'typebox'
import { DomainError } from '../errors.ts'
import { problems } from '../problems.ts'
import { text } from './answer.ts'
import type { App } from './fastify.ts'
import { problemResponses } from './problem.ts'

const folder = new URL('../../docs/problems/', import.meta.url)

const shown = 'two-factor-user'

/** Only of codes that we know: the path is never built from what a caller sends. */
function pageOf(code: string): string | undefined {
  const file = new URL(`${code}.md`, folder)
  return Object.hasOwn(problems, code) && existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

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
            examples: [shown]
          })
        }),
        response: {
          200: {
            description: 'A page in Markdown',
            content: { 'text/markdown': text({ problemPage: pageOf(shown) ?? '' }) }
          },
          ...problemResponses('invalid-request', 'not-found', 'internal-error')
        }
      }
    },
    async (request, reply) => {
      const code = request.params.code
      const page = pageOf(code)
      if (page === undefined) throw new DomainError('not-found', `Locksmith has no problem "${code}".`)
      return reply
        .type('text/markdown; charset=utf-8')
        .header('cache-control', 'public, max-age=3600')
        .send(page)
    }
  )
}
