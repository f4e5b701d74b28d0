/** A receiver of SETs (RFC 8935), as somebody would write one with `jose`. */
import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { Test } from 'tap'
import { scripted } from '../../support/nextcloud.ts'

export type ReceivedSet = {
  headers: Record<string, string | undefined>
  /** As it came. */
  body: string
  /** undefined: it does not verify. */
  claims: (JWTPayload & { sub_id?: unknown; txn?: string; events?: Record<string, object> }) | undefined
  header: object | undefined
  at: number
}

export type SetReply = (received: ReceivedSet, n: number) => number | Promise<number>

export type SetReceiver = {
  url: string
  origin: string
  received: ReceivedSet[]
  /** Of those that were answered by 2xx. */
  accepted: ReceivedSet[]
  reply: SetReply
  /** Of each: the last part of the URI of its one event. */
  events(): string[]
  /** What each says of its event, in the order in which they came. */
  payloads(): Record<string, unknown>[]
}

/** @param issuer whose keys are asked for over HTTP */
export async function startSetReceiver(
  t: Test,
  issuer: string,
  reply: SetReply = () => 202
): Promise<SetReceiver> {
  let keys: JWTVerifyGetKey | undefined
  const url = await scripted(t, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const verified = await verify(body)
    const received: ReceivedSet = {
      headers: request.headers as ReceivedSet['headers'],
      body,
      claims: verified?.payload,
      header: verified?.protectedHeader,
      at: performance.now()
    }
    const n = receiver.received.push(received) - 1
    const status = verified ? await receiver.reply(received, n) : 400
    if (status >= 200 && status < 300) receiver.accepted.push(received)
    response.writeHead(status).end()
  })
  const verify = (body: string) => {
    keys ??= createRemoteJWKSet(new URL(`${issuer}/ssf/jwks.json`), { cooldownDuration: 0 })
    return jwtVerify(body, keys, {
      issuer,
      audience: receiver.origin,
      algorithms: ['RS256'],
      typ: 'secevent+jwt'
    }).catch(() => undefined)
  }
  const receiver: SetReceiver = {
    url: new URL('/events', url).href,
    origin: url.origin,
    received: [],
    accepted: [],
    reply,
    events: () => receiver.accepted.map(({ claims }) => eventIn(claims!).split('/').at(-1)!),
    payloads: () =>
      receiver.accepted.map(({ claims }) => claims!.events![eventIn(claims!)] as Record<string, unknown>)
  }
  return receiver
}

const eventIn = ({ events = {} }: NonNullable<ReceivedSet['claims']>) => Object.keys(events).join()
