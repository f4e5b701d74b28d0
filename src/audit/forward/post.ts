import type { ConnectionOptions } from 'node:tls'
import { Agent, type Dispatcher, request } from 'undici'
import { version } from '../../version.ts'
import { DeliveryError, undelivered } from './delivery-error.ts'

/** Whom to trust besides the authorities that are known to Node. */
export type Trust = Pick<ConnectionOptions, 'ca'>

export type PostTarget = {
  /** See {@link parseEndpoint}. */
  url: URL
  /** The value of the header `Authorization`, whole: `Bearer …`, `Splunk …`. */
  authorization?: string | undefined
  tls?: Trust
  /** For the whole exchange. */
  timeoutMs?: number
}

/** Longest time that is heeded where a server asks to be left alone: a slip there must not end the forwarding. */
const mostRetryAfterSeconds = 3_600

/** Of an answer, and of the time that it takes after its status, before the connection is cut. */
const mostAnswerBytes = 64 * 1_024
const mostAnswerMs = 1_000

/**
 * Posts to one URL, each time on a connection of its own, so that none is met that the server is just closing.
 * Received is what a 2xx answers. Redirects are not followed, since they would lead data and credential elsewhere.
 * @returns a function that resolves once it is received
 * @throws DeliveryError from that function, where it is not known to be received
 */
export function createPost({ url, authorization, tls, timeoutMs = 15_000 }: PostTarget) {
  const dispatcher = new Agent({
    pipelining: 0,
    connect: { timeout: 5_000, ...tls, rejectUnauthorized: true }
  })
  return async function post(contentType: string, body: Buffer, signal: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher,
        signal: AbortSignal.any([signal, timeout]),
        headersTimeout: 0, // the signal bounds the whole exchange
        bodyTimeout: 0,
        headers: {
          'content-type': contentType,
          'user-agent': `Locksmith/${version}`,
          ...(authorization !== undefined && { authorization })
        },
        body
      })
      // What it says besides its status is nothing to us; a connection that is cut earlier than need be is rude.
      const patience = AbortSignal.timeout(mostAnswerMs)
      await answer.body.dump({ limit: mostAnswerBytes, signal: patience }).catch(() => {})
      judge(answer)
    } catch (error) {
      if (timeout.aborted) throw new DeliveryError(`it did not answer within ${timeoutMs / 1_000} s`)
      throw undelivered(error)
    }
  }
}

function judge({ statusCode, headers }: Dispatcher.ResponseData): void {
  if (statusCode >= 200 && statusCode < 300) return
  const detail =
    statusCode >= 300 && statusCode < 400
      ? `it answers ${statusCode}, a redirect, which is not followed`
      : `it answers ${statusCode}`
  throw new DeliveryError(detail, { retryAfterSeconds: retryAfter(headers['retry-after']) })
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const text = [header].flat()[0]?.trim()
  if (!text) return undefined
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1_000
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), mostRetryAfterSeconds)
}
