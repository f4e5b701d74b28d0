import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../db/pool.ts'
import { DomainError, type ProblemCode } from '../errors.ts'
import {
  findIdempotencyKey,
  freeIdempotencyKey,
  insertIdempotencyKey,
  type KeyUse,
  recordOperation,
  type StoredAnswer,
  storeAnswer,
  takeOverIdempotencyKey
} from '../idempotency/idempotency.sql.ts'
import { fingerprintOf, readIdempotencyKey } from '../idempotency/key.ts'
import type { World } from '../world.ts'
import { declareIdempotency } from './idempotency-route.ts'

/** The key that a request holds while it is at work. */
export type HeldKey = {
  claim: string
  /** What an earlier request with this key had begun before its process died: it is not begun again. */
  operationId: string | null
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the request came with an `Idempotency-Key`, until it is answered. */
    idempotency: HeldKey | null
  }
}

/** Headers that belong to an answer; others are made anew for each request. */
const keptHeaders = ['content-type', 'location', 'link', 'preference-applied', 'retry-after']

/** Refused only because of what else goes on: a moment later the same request may well be taken. */
const passing: ReadonlySet<ProblemCode> = new Set([
  'operation-already-running',
  'awaiting-approval',
  'idempotency-key-in-flight'
])

/** How long an answer may wait to be stored; then the caller gets it all the same. */
const storeMs = 2_000

/**
 * `Idempotency-Key` (httpapi draft-07) for every route that changes something: the same key with the same
 * request gets the first answer again, byte for byte.
 */
export function installIdempotency(app: FastifyInstance, world: World): void {
  app.decorateRequest('idempotency', null)
  app.addHook('onRoute', declareIdempotency)
  // After the validation: what cannot be a request takes no key.
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.idempotency !== 'key') return
    // It does nothing that could be done twice, and tells how things are now.
    if ((request.query as { dryRun?: boolean }).dryRun) return
    const use = readUse(world, request)
    const answer = use && (await begin(world, request, use))
    if (!answer) return
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .header('idempotency-replayed', 'true')
      .send(answer.body)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const held = request.idempotency
    if (!held) return
    request.idempotency = null
    await inTime(settle(world, held.claim, reply, payload as Buffer | string | null), (error) =>
      request.log.warn({ err: error }, 'the answer could not be stored: who asks again gets another')
    )
  })
}

/**
 * For the transaction that begins an operation: writes it into the row of the request's key.
 * @throws DomainError idempotency-key-in-flight where another request took the key over: nothing may be begun
 */
export const witnessOf =
  ({ idempotency: held }: FastifyRequest) =>
  async (tx: Db, operationId: string): Promise<void> => {
    if (held && !(await recordOperation(tx, held.claim, operationId))) throw inFlight()
  }

/**
 * For the transaction of a change: stores, with the change, what is answered to the same request from then on. Where
 * the answer holds a secret it is in the first one only.
 * @throws DomainError idempotency-key-in-flight where another request took the key over: nothing may be changed
 */
export async function keepAnswer(
  request: FastifyRequest,
  tx: Db,
  status: number,
  body: object,
  others: Record<string, string> = {}
): Promise<void> {
  const held = request.idempotency
  if (!held) return
  const headers = { 'content-type': 'application/json; charset=utf-8', ...others }
  const answer = { status, headers, body: Buffer.from(JSON.stringify(body)) }
  // It ends the claim: what is sent in the end finds none, and is not stored.
  if (!(await storeAnswer(tx, held.claim, answer))) throw inFlight()
}

function readUse({ config, presence }: World, request: FastifyRequest): KeyUse | undefined {
  const header = request.headers['idempotency-key']
  const { actor, requireIdempotencyKey } = request.caller!
  if (header === undefined) {
    if (!requireIdempotencyKey) return undefined
    throw new DomainError(
      'idempotency-key-missing',
      'Your API key may change nothing without an Idempotency-Key: send one, such as a fresh UUID, and the same one when you send the same request again. Nothing was done.'
    )
  }
  return {
    // Rows of keys bear the bare id.
    apiKey: actor.replace(/^key:/, ''),
    route: `${request.method} ${request.routeOptions.url}`,
    key: readIdempotencyKey([header].flat().join(', ')),
    fingerprint: fingerprintOf(request.method, request.url, request.body),
    claim: randomUUID(),
    processKey: presence.key(),
    keepDays: config.KEEP_IDEMPOTENCY_KEYS_DAYS
  }
}

/** Takes the key for this request. @returns the answer instead, where there is one already */
async function begin(
  { pool }: World,
  request: FastifyRequest,
  use: KeyUse
): Promise<StoredAnswer | undefined> {
  const { claim } = use
  for (;;) {
    if (await insertIdempotencyKey(pool, use)) {
      request.idempotency = { claim, operationId: null }
      return undefined
    }
    const known = await findIdempotencyKey(pool, use)
    if (known?.free) {
      const before = await takeOverIdempotencyKey(pool, use)
      if (before) {
        request.log.info(before, 'an earlier request with this Idempotency-Key ended without an answer')
        request.idempotency = { claim, ...before }
        return undefined
      }
    } else if (known) {
      if (!known.same) throw reused()
      if (!known.answer) throw inFlight()
      return known.answer
    }
    // Someone was quicker, with taking it or with giving it back: look again.
  }
}

async function settle({ pool }: World, claim: string, reply: FastifyReply, payload: Buffer | string | null) {
  const body = Buffer.from(payload ?? '')
  if (!isKept(reply.statusCode, body)) return freeIdempotencyKey(pool, claim)
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, value]]
    })
  )
  await storeAnswer(pool, claim, { status: reply.statusCode, headers, body })
}

/** Whether the same request would get the same answer again. */
function isKept(status: number, body: Buffer): boolean {
  if (status >= 500 || [401, 403, 429].includes(status)) return false
  // Where a protocol has no 409, what would be one is 422.
  return (status !== 409 && status !== 422) || !passing.has(codeIn(JSON.parse(body.toString())))
}

/** Of a problem, or of one that stands within an answer of another form (SCIM). */
function codeIn(answer: Record<string, unknown>): ProblemCode {
  const within = Object.values(answer).find(
    (member): member is { code: unknown } => typeof member === 'object' && member !== null && 'code' in member
  )
  return (answer.code ?? within?.code) as ProblemCode
}

/** Waits for `work`, but not for long; it goes on by itself. */
async function inTime(work: Promise<void>, onError: (error: unknown) => void): Promise<void> {
  const over = new AbortController()
  const timer = sleep(storeMs, undefined, { signal: over.signal }).catch(() => {})
  await Promise.race([work.catch(onError), timer])
  over.abort()
}

const inFlight = () =>
  new DomainError(
    'idempotency-key-in-flight',
    'A request with this Idempotency-Key is at work and not answered yet. Nothing more was begun: send it again in a second, and you get the answer to the first.',
    { headers: { 'retry-after': '1' } }
  )

const reused = () =>
  new DomainError(
    'idempotency-key-reused',
    'This Idempotency-Key was used here for another request (path or body differ). Nothing was done: take a fresh key for what is new, and a used one only for the very same request.'
  )
