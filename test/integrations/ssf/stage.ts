import type { Test } from 'tap'
import { appendAudit } from '../../../src/audit/audit.sql.ts'
import { freePort } from '../../support/port.ts'
import { type Stage, startStage } from '../webhooks/stage.ts'
import { type SetReceiver, type SetReply, startSetReceiver } from './receiver.ts'
import { makeSigningKey } from './signing-key.ts'

export type SsfStage = Stage & {
  issuer: string
  /** A receiver, and the stream that leads to it. */
  stream(reply?: SetReply, body?: object): Promise<{ receiver: SetReceiver; id: string }>
  setStatus(id: string, status: string, reason?: string): Promise<void>
  /** As an operation would write it down: a step of one about that user is done. */
  happen(userId: string, step: string, outcome?: object): Promise<void>
}

/** A Locksmith that transmits to receivers on this host. @param options `issuer`: where it is reached, if not at its port */
export async function startSsf(
  t: Test,
  {
    key = makeSigningKey(),
    issuer: front,
    ...options
  }: Parameters<typeof startStage>[1] & { key?: string; issuer?: string } = {}
): Promise<SsfStage> {
  const port = await freePort()
  const issuer = front ?? `http://127.0.0.1:${port}`
  const stage = await startStage(t, {
    ...options,
    port,
    env: { SSF_SIGNING_KEY: key, PUBLIC_URL: issuer, ...options.env }
  })
  const { call } = stage
  return {
    ...stage,
    issuer,
    async stream(reply, { authorization_header, ...body }: Record<string, unknown> = {}) {
      const receiver = await startSetReceiver(t, issuer, reply)
      const delivery = {
        method: push,
        endpoint_url: receiver.url,
        ...(authorization_header !== undefined && { authorization_header })
      }
      const made = await call('POST', '/ssf/streams', { body: { delivery, ...body } })
      if (made.status !== 201) throw new Error(made.text)
      return { receiver, id: made.body.stream_id }
    },
    async setStatus(id, status, reason) {
      const said = await call('POST', '/ssf/status', {
        body: { stream_id: id, status, ...(reason && { reason }) }
      })
      if (said.status !== 200) throw new Error(said.text)
    },
    async happen(userId, step, outcome = {}) {
      const { rows } = await stage.world.pool.query(
        `INSERT INTO operation (id, kind, user_id, place, state, input, job, requested_by, owner, finished_at)
         VALUES (gen_random_uuid(), 'offboard', $1, lower($1), 'succeeded', '{}', gen_random_uuid(), 'host', 'host', now())
         RETURNING id`,
        [userId]
      )
      const details = { step, attempt: 1, outcome }
      const operationId = rows[0].id as string
      await appendAudit(stage.world.pool, {
        action: 'step.done',
        actor: 'system',
        userId,
        operationId,
        details
      })
    }
  }
}

export const push = 'urn:ietf:rfc:8935'
export const caep = (event: string) => `https://schemas.openid.net/secevent/caep/event-type/${event}`
export const risc = (event: string) => `https://schemas.openid.net/secevent/risc/event-type/${event}`
export const ssf = (event: string) => `https://schemas.openid.net/secevent/ssf/event-type/${event}`
