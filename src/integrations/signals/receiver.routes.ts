import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { TokenRefused } from '../../access/jwt.ts'
import { appendAudit } from '../../audit/audit.sql.ts'
import { inTransaction } from '../../db/transaction.ts'
import { DomainError } from '../../errors.ts'
import type { App } from '../../http/fastify.ts'
import { answerProblem, nextcloudProblems, problemResponses, tellProblem } from '../../http/problem.ts'
import { nobody } from '../../operations/request.ts'
import type { World } from '../../world.ts'
import { signOutFor } from './asked.ts'
import { callerOf } from './caller.ts'
import { longestAgeDays, NotAnEvent, readEvent, type SecurityEvent } from './event.ts'
import { SignalUsed } from './sign-out.ts'
import { saveSignal } from './signals.sql.ts'
import { findSubject, readSubject } from './subject.ts'
import { paths, type Verified } from './verify.ts'

const mediaType = 'application/secevent+jwt'

/** RFC 8935, 2.4. */
const errors = [
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed'
] as const
type SetError = { err: (typeof errors)[number]; description: string }

const SetErrorSchema = Type.Object(
  {
    err: Type.Enum(errors, { description: 'What is wrong with the token' }),
    description: Type.String()
  },
  { $id: 'SetError', description: 'A token that is not taken (RFC 8935, 2.3)' }
)

const refused: SetError = {
  err: 'invalid_issuer',
  description:
    'This security event token is not taken: its issuer is not one of SIGNAL_ISSUERS. Nothing was done.'
}

/** Security events (RFC 8935, push) of whoever is trusted to say that somebody's sessions are over. */
export function receiverRoutes(app: App, world: World): void {
  app.addSchema(SetErrorSchema)
  app.register(async (scope: App) => {
    scope.addContentTypeParser(mediaType, { parseAs: 'string' }, (_request, body, done) => done(null, body))
    scope.post(
      paths.events,
      {
        // The token itself says who sends it.
        config: { access: 'public', idempotency: { none: 'each token is acted upon once, by its `jti`' } },
        errorHandler: (error: FastifyError, request, reply) => sendSetError(request, reply, error),
        schema: {
          operationId: 'receiveSecurityEvent',
          tags: ['signals'],
          summary: 'Take a security event',
          description:
            'A security event token (RFC 8417), signed by one of `SIGNAL_ISSUERS`. `session-revoked` (CAEP) and `account-disabled` (RISC) sign the user out everywhere; every other event is taken, and nothing is done. No API key is needed.',
          security: [],
          consumes: [mediaType],
          body: Type.String({
            minLength: 1,
            maxLength: 16_384,
            description: 'The token, signed (JWS, compact)',
            examples: [
              'eyJ0eXAiOiJzZWNldmVudCtqd3QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUub3JnIn0.c2ln'
            ]
          }),
          response: {
            202: { type: 'null', description: 'Taken: what follows from it is recorded' },
            400: {
              description: 'It is not taken: sent again it would not be, either',
              content: {
                'application/json': {
                  schema: { $ref: 'SetError#' },
                  examples: { setError: { value: refused } }
                }
              }
            },
            ...problemResponses(
              ...nextcloudProblems,
              'operation-already-running',
              'stopped',
              'body-too-large',
              'unsupported-media-type',
              'rate-limited',
              'too-many-failed-logins',
              'identity-provider-unavailable',
              'internal-error'
            )
          }
        }
      },
      async (request, reply) => {
        const verified = await verify(request)
        const event = readEvent(verified.claims)
        if (event) {
          app.limits.spend(reply, callerOf(verified.from).actor)
          await act(request, verified, event)
        }
        return reply.code(202).send(undefined as never)
      }
    )
  })

  /**
   * Whoever sends what is refused again and again is told no more why. What is signed as it should be is no guess: it is
   * taken, whatever others send from the same address, which tenants of one provider may share.
   * @throws TokenRefused, NotAnEvent; DomainError too-many-failed-logins
   */
  async function verify(request: FastifyRequest): Promise<Verified> {
    try {
      const verified = await world.signals.verify(request.body as string, 'events')
      if (!verified) throw new NotAnEvent('It is no signed token of the type secevent+jwt.')
      return verified
    } catch (error) {
      if (error instanceof TokenRefused || error instanceof NotAnEvent) {
        app.limits.refuseGuessing(request)
        app.limits.failed(request)
      }
      throw error
    }
  }

  async function act(request: FastifyRequest, { from }: Verified, event: SecurityEvent): Promise<void> {
    const signal = { issuer: from.issuer, id: event.id }
    const caller = callerOf(from)
    const ignore = (because: string, userId?: string) =>
      inTransaction(world.pool, async (tx) => {
        if (!(await saveSignal(tx, signal, userId))) return
        await appendAudit(tx, {
          action: 'signal.ignored',
          actor: caller.actor,
          requestId: request.id,
          ...(userId !== undefined && { userId }),
          details: { event: event.name, signal: event.id, because }
        })
      })
    if (event.at.getTime() < Date.now() - longestAgeDays * 86_400_000) return ignore('stale')
    const subject = readSubject(event.subject)
    if (!subject)
      throw new NotAnEvent('Its subject is of no format that is known here: email, iss_sub, opaque.')
    let userId: string | undefined
    try {
      const naming = { caller, issuer: from.issuer, speaksScim: from.owner !== undefined }
      const user = await findSubject(world, subject, naming)
      userId = user.id
      await signOutFor(world, request, user, {
        caller,
        reason: `${event.name}, told by ${from.issuer}`,
        signal,
        witness: nobody,
        confirm: async () => {}
      })
    } catch (error) {
      const { code, problem } = error as Partial<DomainError>
      // Recorded: it waits for a second person.
      if (code === 'awaiting-approval') return
      if (error instanceof SignalUsed)
        throw new NotAnEvent('Its "jti" is that of an event about somebody else.')
      const isPassing = code === 'operation-already-running' || (problem?.status ?? 500) >= 500
      if (!(error instanceof DomainError) || isPassing) throw error
      await ignore(error.code, userId)
    }
  }
}

const errOf: Record<string, SetError['err']> = {
  signature: 'authentication_failed',
  iss: 'invalid_issuer',
  aud: 'invalid_audience'
}

function sendSetError(request: FastifyRequest, reply: FastifyReply, error: FastifyError): FastifyReply {
  if (error instanceof TokenRefused || error instanceof NotAnEvent) {
    const err = error instanceof TokenRefused ? (errOf[error.at] ?? 'invalid_request') : 'invalid_request'
    const why =
      error instanceof TokenRefused
        ? `This security event token is not taken: ${error.message}.`
        : error.message
    return sendError(reply, { err, description: `${why} Nothing was done.` })
  }
  const problem = tellProblem(request, reply, error)
  return problem.status === 400
    ? sendError(reply, { err: 'invalid_request', description: problem.detail })
    : answerProblem(reply, problem)
}

const sendError = (reply: FastifyReply, body: SetError) =>
  reply
    .code(400)
    .type('application/json; charset=utf-8')
    .serializer((payload: SetError) => JSON.stringify(payload))
    .send(body)
