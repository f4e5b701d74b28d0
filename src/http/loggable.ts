import type { FastifyRequest } from 'fastify'

/** Routes whose path or query is a secret: a link's token, an authorization code. */
const secretPath = /^\/((confirm|contact)\/:|console\/oidc\/callback)/

/** Where no route is, people's mail programs may have garbled a link: nothing that long is any path of ours. */
const maybeToken = /[\w-]{20,}/g

/** The URL of a request as it may stand in a log line, or in an answer. */
export function loggableUrl(request: FastifyRequest): string {
  const route = routeOf(request)
  if (route === undefined) return request.url.replace(maybeToken, '[…]')
  return secretPath.test(route) ? route : request.url
}

/** Serialises a request for the log. */
export const loggable = (request: FastifyRequest) => ({
  method: request.method,
  url: loggableUrl(request),
  host: request.host,
  remoteAddress: request.ip,
  remotePort: request.socket?.remotePort
})

/** A request that cannot be routed at all has not even options. */
function routeOf(request: FastifyRequest): string | undefined {
  try {
    return request.routeOptions.url
  } catch {
    return undefined
  }
}
