import type { FastifyRequest } from 'fastify'
import { DomainError } from '../errors.ts'
import { ownOrigin } from '../http/cookie.ts'

/**
 * Whether a form was sent by a page of ours: browsers say so, and let no page say otherwise.
 * @param origin how people reach us; undefined: as the request says
 * @throws DomainError invalid-request
 */
export function refuseForeign(request: FastifyRequest, origin: string | undefined): void {
  const { origin: from, 'sec-fetch-site': site } = request.headers
  const own = ownOrigin(request, origin)
  // Through a proxy of which TRUST_PROXY knows nothing the scheme looks like another: the host is what counts then.
  const isOwn =
    from !== undefined && (from === own || (origin === undefined && hostOf(from) === request.host))
  const isSame = site === 'same-origin'
  if ((from === undefined || isOwn) && (site === undefined || isSame) && (isOwn || isSame)) return
  throw new DomainError(
    'invalid-request',
    'This form was not sent by a page of the console, so it may be the work of another site. Nothing was done. Open the console again and try there; behind a proxy PUBLIC_URL has to say how people reach it.'
  )
}

const hostOf = (origin: string) => URL.parse(origin)?.host
