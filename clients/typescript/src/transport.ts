import { type Call, LocksmithError } from './errors.ts'
import { pause } from './pause.ts'

export type Fetch = (request: Request) => Promise<Response>

export type Patience = {
  /** How often a request is sent at most. Default: 4. */
  attempts?: number
  /** Longer pauses that Locksmith asks for are the caller's to make. Milliseconds; default: 30 s. */
  longestPause?: number
  /** For an answer to begin; a JSON one also to end. Above what `Prefer: wait` asks for. Milliseconds; default: 90 s. */
  timeout?: number
}

export type Transport = {
  fetch: Fetch
  authorization(): Promise<string>
} & Required<Patience>

/**
 * Sends a request, again after a failure of the network or where the answer asks to come again: reads, and what has an
 * `Idempotency-Key`, so nothing is done twice.
 * @throws LocksmithError without an answer; the signal's reason once it is aborted
 */
export async function send(
  transport: Transport,
  request: Request,
  call: Call,
  stream: boolean
): Promise<Response> {
  const attempts = call.method === 'GET' || call.idempotencyKey !== undefined ? transport.attempts : 1
  for (let attempt = 1; ; attempt++) {
    const authorization = await transport.authorization()
    const answer = await once(transport, request, authorization, stream).catch((cause: unknown) => {
      request.signal.throwIfAborted()
      if (attempt >= attempts) throw new LocksmithError('no answer', call, { cause })
    })
    const rest = answer ? pauseAskedBy(answer) : 250 * 2 ** (attempt - 1)
    if (answer && (attempt >= attempts || rest === undefined || rest > transport.longestPause)) return answer
    await answer?.body?.cancel()
    await pause(rest ?? 0, request.signal)
  }
}

async function once(
  { fetch, timeout }: Transport,
  request: Request,
  authorization: string,
  stream: boolean
): Promise<Response> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new Error(`no answer within ${timeout} ms`)), timeout)
  try {
    const copy = new Request(request.clone(), { signal: AbortSignal.any([request.signal, over.signal]) })
    copy.headers.set('authorization', authorization)
    const answer = await fetch(copy)
    if (stream || !isJson(answer)) return answer
    // Read here: an answer that breaks off is one that was lost.
    return new Response(await answer.arrayBuffer(), answer)
  } finally {
    clearTimeout(timer)
  }
}

export const isJson = ({ headers }: Response): boolean =>
  /^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')

/** Milliseconds; undefined: it is an answer. A lasting refusal has no `Retry-After`. */
function pauseAskedBy({ status, headers }: Response): number | undefined {
  const after = headers.get('retry-after')
  if (after === null || ![409, 429, 503].includes(status)) return undefined
  const ms = /^\d+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
