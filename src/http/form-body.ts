import type { FastifyRequest } from 'fastify'
import type { App } from './fastify.ts'

/** For an encapsulated part of the app, which then takes forms and nothing else. */
export function takeForms(app: App, mostBytes: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: mostBytes },
    async (_request: FastifyRequest, body: string) => fieldsOf(body)
  )
}

/** @throws an error of the framework's kind where a field comes twice */
function fieldsOf(body: string): Record<string, string> {
  const fields = [...new URLSearchParams(body)]
  if (new Set(fields.map(([name]) => name)).size < fields.length)
    throw Object.assign(new Error('a field comes twice'), { statusCode: 400 })
  return Object.fromEntries(fields)
}
