import type { Exchange } from './exchange.ts'
import { createMatcher, type Match } from './match.ts'
import type { Route } from './route.ts'

/** Where a request goes. */
export interface Destination {
  kind: Route['kind']
  /** Of OCS; 2 elsewhere. */
  version: 1 | 2
  /** As the routes know it: without `/ocs/v2.php` and `/index.php`. */
  path: string
  found: Match
}

export type FindDestination = (exchange: Pick<Exchange, 'method' | 'path'>) => Destination

/** What is called, such as `PUT /cloud/users/{userId}`; `other` for what no route answers. */
export function nameOf({ found }: Destination): string {
  return typeof found === 'object' ? `${found.route.method} ${found.route.path}` : 'other'
}

export function createDestinations(routes: readonly Route[]): FindDestination {
  const match = createMatcher(routes)
  return ({ method, path: full }) => {
    const script = /^\/ocs\/v([12])\.php(\/.*)?$/s.exec(full)
    const kind = script ? 'ocs' : 'web'
    const path = script ? (script[2] ?? '/') : full.replace(/^\/index\.php(?=\/|$)/, '') || '/'
    return { kind, version: script?.[1] === '1' ? 1 : 2, path, found: match(kind, method, path) }
  }
}
