import type { FastifyReply, FastifyRequest } from 'fastify'

/** One cookie of ours: no script sees it, and no other site's form sends it along. */
export type Cookie = {
  read(request: FastifyRequest): string | undefined
  /** @param seconds how long the browser keeps it; left out: until it is closed */
  set(reply: FastifyReply, value: string, seconds?: number): void
  clear(reply: FastifyReply): void
}

/**
 * Over https its name begins with `__Host-`: browsers then take it from this very host alone, so nobody who has
 * another host below the same domain puts one of theirs in its place. Such a cookie is for `/`, and the API takes none.
 * @param origin how people reach us; undefined: as the request says
 */
export function cookie(name: string, origin: string | undefined): Cookie {
  const isSecure = (request: FastifyRequest) =>
    origin === undefined ? request.protocol === 'https' : origin.startsWith('https:')
  const nameFor = (request: FastifyRequest) => (isSecure(request) ? `__Host-${name}` : name)
  const write = (reply: FastifyReply, value: string, seconds: number | undefined) => {
    const { request } = reply
    const parts = [
      `${nameFor(request)}=${value}`,
      isSecure(request) ? 'Path=/; Secure' : 'Path=/console',
      'HttpOnly; SameSite=Lax',
      ...(seconds === undefined ? [] : [`Max-Age=${seconds}`])
    ]
    reply.header('set-cookie', parts.join('; '))
  }
  return {
    read(request) {
      const wanted = `${nameFor(request)}=`
      const values = (request.headers.cookie ?? '').split(/; */).filter((each) => each.startsWith(wanted))
      // Two of them: somebody else has put one there, and which is ours nobody can tell.
      return values.length === 1 ? values[0]!.slice(wanted.length) : undefined
    },
    set: (reply, value, seconds) => write(reply, value, seconds),
    clear: (reply) => write(reply, '', 0)
  }
}

export const sessionCookie = (origin: string | undefined) => cookie('locksmith-console', origin)

/** How people reach us, as the setting or else the request says it. */
export const ownOrigin = (request: FastifyRequest, origin: string | undefined): string =>
  origin ?? `${request.protocol}://${request.host}`
