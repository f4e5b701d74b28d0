import type { App } from '../../http/fastify.ts'
import { ScimError } from './errors.ts'

const groups =
  'Groups are read and never changed here: change them in Nextcloud, or where Nextcloud has them from.'
const me = 'A key is no user, so there is no /Me (RFC 7644, 3.11).'
const bulk = 'Bulk operations are not supported: send them one by one.'
const search = 'Searching by POST is not supported: send the filter in the URL.'

/** What RFC 7644 knows and this does not: said as such, so that nobody looks for a wrong path. Whom it is said to matters little. */
const unsupported = [
  [['POST'], '/Groups', groups],
  [['PUT', 'PATCH', 'DELETE'], '/Groups/:groupId', groups],
  [['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], '/Me', me],
  [['POST'], '/Bulk', bulk],
  [['POST'], '/.search', search],
  [['POST'], '/Users/.search', search],
  [['POST'], '/Groups/.search', search]
] as const

export function unsupportedRoutes(app: App): void {
  for (const [method, url, why] of unsupported)
    app.route({
      method: [...method],
      url,
      config: { access: 'any-key', groups: 'heeded', idempotency: { none: 'it does nothing' } },
      schema: { hide: true },
      handler: async () => {
        throw new ScimError(501, undefined, `${why} Nothing was done.`)
      }
    })
}
