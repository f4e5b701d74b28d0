import type { Route } from './route.ts'

export type Match = { route: Route; parts: Record<string, string> } | 'no-such-route' | 'other-method'

interface Compiled {
  route: Route
  pattern: RegExp
}

/** Finds routes in the order in which they are listed: `/users/details` shadows a user of that id. */
export function createMatcher(
  routes: readonly Route[]
): (kind: Route['kind'], method: string, path: string) => Match {
  const compiled: Compiled[] = routes.map((route) => ({ route, pattern: compile(route.path) }))
  return (kind, method, path) => {
    let seen = false
    for (const { route, pattern } of compiled) {
      const found = route.kind === kind ? pattern.exec(path) : null
      if (!found) continue
      seen = true
      if (route.method === method || (method === 'HEAD' && route.method === 'GET')) {
        return { route, parts: { ...found.groups } }
      }
    }
    return seen ? 'other-method' : 'no-such-route'
  }
}

function compile(path: string): RegExp {
  const source = path
    .replaceAll(/[.\\^$*?()[\]|]/g, '\\$&')
    .replaceAll(/\{(\w+)(\+?)\}/g, (_, name: string, many: string) => `(?<${name}>${many ? '.+' : '[^/]+'})`)
  return new RegExp(`^${source}$`, 's')
}
