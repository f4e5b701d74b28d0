/** The claims of a SET (RFC 8417, as SSF 1.0 profiles it). */
import {
  type AccountData,
  eventTypes,
  type SetData,
  type SetType,
  type StreamData,
  streamEvents
} from './event.ts'

/** @property id of the delivery: its `jti` */
export type SetRow = {
  id: string
  endpointId: string
  type: SetType
  data: SetData
  at: Date
  audience: string[]
}

/** RFC 9493. */
export type SubjectId =
  | { format: 'email'; email: string }
  | { format: 'iss_sub'; iss: string; sub: string }
  | { format: 'opaque'; id: string }

/** The same at every try: nothing of it is the time of the try. Neither `sub` nor `exp`: SSF forbids them. */
export type Claims = {
  iss: string
  jti: string
  iat: number
  aud: string | string[]
  /** The operation: what several SETs tell of one is told as one. */
  txn?: string
  sub_id: SubjectId
  events: Record<string, object>
}

const isOfStream = (type: SetType, _data: SetData): _data is StreamData =>
  (Object.values(streamEvents) as SetType[]).includes(type)

/** How people are named, where there is a choice. */
export const subjectFormats = ['email', 'iss_sub'] as const
export type SubjectFormat = (typeof subjectFormats)[number]

export function claimsOf(
  { id, endpointId, type, data, at, audience }: SetRow,
  { issuer, subjects }: { issuer: string; subjects: SubjectFormat }
): Claims {
  const iat = Math.floor(at.getTime() / 1_000)
  const common = { iss: issuer, jti: id, iat, aud: audienceOf(audience) }
  if (isOfStream(type, data))
    return { ...common, sub_id: { format: 'opaque', id: endpointId }, events: { [type]: data } }
  const { operation, kind, policy } = data
  const subject = subjectOf(data, issuer, subjects)
  return {
    ...common,
    txn: operation,
    sub_id: subject,
    events: {
      [type]: {
        // Beside sub_id, where drafts of SSF had it. Receivers of those, such as Okta's, look for its member "user".
        subject: { format: 'complex', user: subject },
        ...(type === eventTypes.credentialChange && { credential_type: 'password', change_type: 'update' }),
        event_timestamp: iat,
        initiating_entity: policy ? 'policy' : 'admin',
        reason_admin: { en: `Locksmith did this by its operation "${kind}": /operations/${operation}` }
      }
    }
  }
}

/** One is said as text, as most receivers expect it. */
export const audienceOf = (audience: string[]): string | string[] =>
  audience.length === 1 ? audience[0]! : audience

/** By the mail address, which others know the person by, too; the id is known to whoever knows this Nextcloud. */
const subjectOf = ({ email, userId }: AccountData, issuer: string, by: SubjectFormat): SubjectId =>
  by === 'iss_sub' || email === undefined
    ? { format: 'iss_sub', iss: issuer, sub: userId }
    : { format: 'email', email }
