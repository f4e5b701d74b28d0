import type { FastifyReply } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { DomainError } from '../errors.ts'

export const defaultLimit = 50

/** Query members of every list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: defaultLimit, description: 'How many at most' })
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'From `next` of the page before' })
  )
}

export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: '`cursor` of the next page; null on the last. Also as `Link: rel="next"`'
    })
  })

/** Sends a page, with the next one as a Link header (RFC 8288) that keeps the filters. */
export function sendPage<T>(reply: FastifyReply, items: T[], next: string | null) {
  if (next !== null) {
    const url = new URL(reply.request.url, 'http://localhost')
    url.searchParams.set('cursor', next)
    reply.header('link', `<${url.pathname}${url.search}>; rel="next"`)
  }
  return reply.send({ items, next })
}

/** @throws DomainError for a cursor that no page of ours gave */
export function readCursor(cursor: string | undefined, form: RegExp): string | undefined {
  if (cursor === undefined || form.test(cursor)) return cursor
  throw new DomainError(
    'invalid-request',
    'This cursor is from no page of this list. Leave it out to start at the first.'
  )
}
