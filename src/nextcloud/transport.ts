import { Agent, DecoratorHandler, type Dispatcher, request } from 'undici'
import { note, noteFailure } from '../tracing/tracing.ts'
import { NextcloudError } from './errors.ts'

export type Credentials = { user: string; password: string }

export type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** From Nextcloud's root, such as `/ocs/v2.php/cloud/user`. */
  path: string
  /** A name of the call for metrics and messages: paths hold user ids. */
  name: string
  auth?: Credentials
  cookies?: string
  form?: Record<string, string>
  headers?: Record<string, string>
  timeoutMs?: number
  signal?: AbortSignal
  /** The call changes something: broken off, its effect is unknown. */
  effect?: boolean
  /** An inner failure of Nextcloud (OCS 996) says something here: the caller reads it. */
  readsInnerFailures?: boolean
  /** Whoever sends must still be entitled to. */
  fence?: Fence
  /** What has to be known before it leaves: it may have stood in line until now. @throws where it is not to be sent */
  beforeSend?(): Promise<void>
  /** A connection of its own: one that the server closes while we send would leave the effect unknown. */
  freshConnection?: boolean
}

/** Keeps a process that was paused, or whose work others took over, from sending something late. */
export type Fence = {
  /** Told of each call right before it is sent, so that its time is known. @throws where others took over */
  confirm(): Promise<void>
  /** Asked once more at the moment the first byte leaves: whether that is still sure enough. */
  isFresh(): boolean
}

export type Answer = {
  status: number
  header(name: string): string | undefined
  setCookies: string[]
  body: string
  /** Nextcloud's clock when it answered. */
  date: Date
}

export type Transport = {
  send(call: Call): Promise<Answer>
  close(): Promise<void>
}

export type TransportOptions = {
  url: URL
  publicUrl: URL
  /** How long a call may take unless it says otherwise. Default 30 s. */
  timeoutMs?: number
  /** Told of every call: its name, how long it took in seconds, and how it ended. */
  observe?: (name: string, seconds: number, result: 'answered' | 'failed') => void
  /** Put around each call, such as a span. */
  around?: ((call: Pick<Call, 'method' | 'name'>, send: () => Promise<Answer>) => Promise<Answer>) | undefined
}

// Codes of failures before anything of the request was sent.
const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT'
])
const isTls = (code: string) => /CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code)

/**
 * HTTP to one Nextcloud and nothing above it. Redirects are never followed and credentials go to the
 * configured origin only. Each request says the *public* host, since Nextcloud builds the links in its
 * mails from it (fact 10); scheme by X-Forwarded-Proto, which counts where we are a trusted proxy.
 */
export function createTransport({
  url,
  publicUrl,
  timeoutMs = 30_000,
  observe,
  around = (_call, send) => send()
}: TransportOptions): Transport {
  const limits = { connect: { timeout: 5_000 }, maxResponseSize: 64 * 1024 * 1024 }
  const shared = new Agent({ ...limits, connections: 32 })
  const single = new Agent({ ...limits, pipelining: 0 })

  async function send(call: Call): Promise<Answer> {
    await call.beforeSend?.()
    await call.fence?.confirm()
    return around(call, () => exchange(call))
  }

  async function exchange(call: Call): Promise<Answer> {
    const written = { begun: false }
    const started = performance.now()
    // Not AbortSignal.any and .timeout: their timers outlive the call, and cost as much as the call itself.
    const stop = new AbortController()
    const give = () => stop.abort(new DOMException('', 'TimeoutError'))
    const timer = setTimeout(give, call.timeoutMs ?? timeoutMs)
    if (call.signal?.aborted) give()
    call.signal?.addEventListener('abort', give, { once: true })
    let result: 'answered' | 'failed' = 'failed'
    try {
      const response = await request(new URL(url.pathname.replace(/\/$/, '') + call.path, url), {
        method: call.method,
        dispatcher: watched(call.freshConnection ? single : shared, call, written),
        signal: stop.signal,
        headersTimeout: 0, // `timeout` bounds the whole exchange, slow bodies included
        bodyTimeout: 0,
        headers: headersOf(call),
        body: call.form ? new URLSearchParams(call.form).toString() : null
      })
      const body = await response.body.text()
      result = 'answered'
      note({ 'http.response.status_code': response.statusCode })
      if (response.statusCode >= 400) noteFailure(String(response.statusCode))
      return toAnswer(response, body)
    } catch (cause) {
      throw classify(call, cause, written.begun)
    } finally {
      clearTimeout(timer)
      call.signal?.removeEventListener('abort', give)
      observe?.(call.name, (performance.now() - started) / 1_000, result)
    }
  }

  function headersOf({ auth, cookies, form, headers }: Call): Record<string, string> {
    return {
      host: publicUrl.host,
      'x-forwarded-proto': publicUrl.protocol.slice(0, -1),
      'ocs-apirequest': 'true',
      accept: 'application/json',
      'user-agent': 'Locksmith',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(auth && {
        authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`
      }),
      ...(cookies && { cookie: cookies }),
      ...headers
    }
  }

  return {
    send,
    close: async () => {
      await Promise.all([shared.destroy(), single.destroy()])
    }
  }
}

class Stale extends Error {}

/**
 * A connection can take its time, and a process can be stopped meanwhile: so the fence is asked when the request is
 * written. Until then nothing was sent.
 */
class WatchingHandler extends (DecoratorHandler as unknown as new (
  handler: Dispatcher.DispatchHandler
) => {
  onRequestStart(controller: Dispatcher.DispatchController, context: object): void
}) {
  readonly #fence: Fence | undefined
  readonly #written: { begun: boolean }

  constructor(handler: Dispatcher.DispatchHandler, fence: Fence | undefined, written: { begun: boolean }) {
    super(handler)
    this.#fence = fence
    this.#written = written
  }

  override onRequestStart(controller: Dispatcher.DispatchController, context: object): void {
    if (this.#fence && !this.#fence.isFresh()) controller.abort(new Stale())
    else this.#written.begun = true
    super.onRequestStart(controller, context)
  }
}

const watched = (agent: Agent, { effect, fence }: Call, written: { begun: boolean }): Dispatcher =>
  effect
    ? agent.compose(
        (dispatch) => (options, handler) => dispatch(options, new WatchingHandler(handler, fence, written))
      )
    : agent

function toAnswer({ statusCode, headers }: Dispatcher.ResponseData, body: string): Answer {
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)
  const date = new Date(first(headers.date) ?? Number.NaN)
  return {
    status: statusCode,
    header: (name) => first(headers[name]),
    setCookies: [headers['set-cookie'] ?? []].flat(),
    body,
    date: Number.isNaN(date.getTime()) ? new Date() : date
  }
}

/**
 * The error's own text stays in `cause`, for our log: it may name inner addresses.
 * @param begun whether anything of a call with an effect has left
 */
function classify(call: Call, cause: unknown, begun: boolean): NextcloudError {
  const { code, name } = causeOf(cause)
  if (cause instanceof Stale) {
    return new NextcloudError('down', 'This process was held up, so nothing was sent.', {
      notSent: true,
      isOurs: true
    })
  }
  if (isTls(code)) {
    return new NextcloudError(
      'down',
      `The TLS certificate of Nextcloud was not accepted (${code}). Nothing was sent.`,
      { cause, notSent: true }
    )
  }
  if (notSent.has(code) && !begun) {
    return new NextcloudError('down', `Nextcloud could not be reached (${code}). Nothing was sent.`, {
      cause,
      notSent: true
    })
  }
  const why =
    name === 'TimeoutError' || name === 'AbortError'
      ? 'did not answer in time'
      : `broke off (${code || name})`
  return call.effect
    ? new NextcloudError(
        'effect-unknown',
        `Nextcloud ${why} at "${call.name}": whether it was done is not known.`,
        { cause }
      )
    : new NextcloudError('down', `Nextcloud ${why} at "${call.name}".`, { cause })
}

function causeOf(error: unknown): { code: string; name: string } {
  const { code, name, cause, errors } = error as {
    code?: unknown
    name?: string
    cause?: unknown
    errors?: unknown[]
  }
  if (typeof code === 'string') return { code, name: name ?? '' }
  const inner = cause ?? errors?.[0]
  return inner ? causeOf(inner) : { code: '', name: name ?? 'Error' }
}
