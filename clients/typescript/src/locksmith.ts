import createClient from 'openapi-fetch'
import { type Call as About, errorOf, LocksmithError, type Operation } from './errors.ts'
import { linesOf } from './lines.ts'
import { keyed, texts } from './operations.ts'
import type { paths } from './schema.ts'
import { type Fetch, isJson, type Patience, send, type Transport } from './transport.ts'
import type { Answer, Call, DryCall, Init, InitArgs, ItemOf, ListPath } from './types.ts'
import { type WaitOptions, waitFor } from './wait.ts'

export type Options = Patience & {
  /** Where Locksmith is, such as `https://locksmith.example.org`. */
  url: string | URL
  /** An API key or an access token, or what gives one for each request. It is shown nowhere. */
  apiKey: string | (() => string | Promise<string>)
  /** Default: the one of this Node. */
  fetch?: Fetch
}

export type ExportLine = { type: string } & Record<string, unknown>

export type Locksmith = {
  GET: Call<'get'>
  POST: Call<'post'>
  PUT: Call<'put'>
  PATCH: Call<'patch'>
  DELETE: Call<'delete'>
  dryRun: DryCall
  /**
   * The operation once it rests: over, or `awaiting-approval` or `scheduled`. Look at its `state`.
   * @throws LocksmithTimeout while it still goes on
   */
  waitForOperation(operation: string | { id: string }, options?: WaitOptions): Promise<Operation>
  /** Everything on a list, page after page, fetched as it is read. */
  all<P extends ListPath>(path: P, ...init: InitArgs<Init<P, 'get'>>): AsyncGenerator<ItemOf<P>, void>
  /** The audit log, a line at a time, never all in memory. @throws LocksmithError where its end is missing */
  exportAudit(
    query?: Omit<NonNullable<paths['/audit/export']['get']['parameters']['query']>, 'format'>,
    options?: { signal?: AbortSignal | undefined }
  ): AsyncGenerator<ExportLine, void>
}

type AnyInit = {
  params?: {
    path?: Record<string, unknown>
    query?: Record<string, unknown>
    header?: Record<string, unknown>
  }
  parseAs?: 'stream' | 'arrayBuffer' | 'text'
  signal?: AbortSignal | undefined
}

/**
 * A client of one Locksmith. Every call is typed by the OpenAPI document; refusals are thrown as LocksmithProblem.
 * @throws TypeError for a URL or key that cannot be one
 */
export function createLocksmith(options: Options): Locksmith {
  const transport: Transport = {
    fetch: options.fetch ?? fetch,
    attempts: options.attempts ?? 4,
    longestPause: options.longestPause ?? 30_000,
    timeout: options.timeout ?? 90_000,
    authorization: authorizationOf(options.apiKey)
  }
  // Somewhere else than at Locksmith the key has no business.
  const client = createClient<paths>({ baseUrl: baseOf(options.url), redirect: 'error' })

  async function call(method: string, path: string, init: AnyInit = {}): Promise<Answer<unknown>> {
    if (!path.startsWith('/')) throw new TypeError(`${path}: a path begins with /`)
    const about: About = { method, path }
    refuseEmptyIds(path, init.params?.path)
    const stream = init.parseAs === 'stream'
    const { response, error } = await client.request(method.toLowerCase() as 'get', path as '/users', {
      ...(init as object),
      parseAs: 'stream',
      fetch: (request: Request) => {
        if (keyed.has(`${method} ${path}`)) about.idempotencyKey = keyOf(request)
        return send(transport, request, about, stream)
      }
    })
    about.status = response.status
    const requestId = response.headers.get('x-request-id')
    if (requestId !== null) about.requestId = requestId
    if (response.headers.get('idempotency-replayed') === 'true') about.replayed = true
    if (!response.ok) throw errorOf(about, error)
    return { response, data: await read(response, init.parseAs, about) }
  }

  const bind = (method: string) => (path: string, init?: AnyInit) => call(method, path, init)
  const get = bind('GET') as Call<'get'>

  return {
    GET: get,
    POST: bind('POST') as Call<'post'>,
    PUT: bind('PUT') as Call<'put'>,
    PATCH: bind('PATCH') as Call<'patch'>,
    DELETE: bind('DELETE') as Call<'delete'>,
    dryRun: ((method: string, path: string, init?: AnyInit) =>
      call(method, path, withQuery(init, { dryRun: true }))) as DryCall,
    waitForOperation(operation, options = {}) {
      const operationId = typeof operation === 'string' ? operation : operation.id
      return waitFor(async (seconds) => {
        const header = seconds > 0 ? { prefer: `wait=${seconds}` } : {}
        const params = { path: { operationId }, header }
        const { signal } = options
        return (await get('/operations/{operationId}', { params, ...(signal && { signal }) })).data
      }, options)
    },
    async *all(path, ...[init]) {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await call('GET', path, withQuery(init as AnyInit, cursor ? { cursor } : {}))
        const { items, next } = page.data as { items: ItemOf<typeof path>[]; next: string | null }
        yield* items
        cursor = next
      }
    },
    async *exportAudit(query = {}, options = {}) {
      const path = '/audit/export'
      const { data } = await get(path, { params: { query }, ...options, parseAs: 'stream' })
      let last: ExportLine | undefined
      try {
        for await (const line of linesOf(data)) yield (last = JSON.parse(line) as ExportLine)
      } catch (cause) {
        options.signal?.throwIfAborted()
        throw new LocksmithError('the export broke off', { method: 'GET', path }, { cause })
      }
      if (last?.type !== 'end') throw new LocksmithError('the export has no end', { method: 'GET', path })
    }
  }
}

/** @throws LocksmithError for what a proxy says in Locksmith's place, such as a page to log in */
async function read(response: Response, parseAs: AnyInit['parseAs'], about: About): Promise<unknown> {
  if (parseAs === 'stream') return response.body
  if (parseAs !== undefined) return response[parseAs]()
  const text = await response.text()
  if (!isJson(response) && texts.has(`${about.method} ${about.path}`)) return text
  try {
    return JSON.parse(text)
  } catch {
    // Its words are not in the error: some answers hold a secret.
    throw new LocksmithError(`answered ${response.status}, and not in JSON`, about)
  }
}

/** The one that the caller gave, or a fresh one. */
function keyOf({ headers }: Request): string {
  const given = headers.get('idempotency-key')
  if (given !== null) return given
  const fresh = crypto.randomUUID()
  headers.set('idempotency-key', fresh)
  return fresh
}

/** `..` as an id would lead to another route. */
function refuseEmptyIds(path: string, ids: Record<string, unknown> = {}): void {
  for (const [, name] of path.matchAll(/\{(\w+)\}/g))
    if (/^\.{0,2}$/.test(String(ids[name!] ?? ''))) throw new TypeError(`${path}: ${name} is missing`)
}

const withQuery = (init: AnyInit = {}, query: object): AnyInit => ({
  ...init,
  params: { ...init.params, query: { ...init.params?.query, ...query } }
})

function baseOf(url: string | URL): string {
  const { protocol, username, password, href, search, hash } = new URL(url)
  if (!/^https?:$/.test(protocol) || username || password || search || hash)
    throw new TypeError('url: http or https, without credentials, query or fragment')
  return href
}

/** A key that no header can hold is refused here: the error of `Headers` would show it. */
function authorizationOf(apiKey: Options['apiKey']): () => Promise<string> {
  const bearer = (key: string) => {
    if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError('apiKey: visible ASCII characters, at least one')
    return `Bearer ${key}`
  }
  if (typeof apiKey === 'function') return async () => bearer(await apiKey())
  const authorization = bearer(apiKey)
  return async () => authorization
}
