import { storable } from '../db/storable.ts'
import { refuseCommonFailures, unexpected, unexpectedCode } from './answer.ts'
import { cookieHeader, keep } from './cookies.ts'
import { NextcloudError, sessionGone } from './errors.ts'
import { type Envelope, parseEnvelope, withJsonFormat } from './ocs.ts'
import { deleteFromPage, readSecurityPage } from './security-page.ts'
import type { Session } from './session.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** Lets its holder log in without the password; a password change does not touch it. */
export type Passkey = { id: number; name: string }

/** Something the user shares. */
export type Share = {
  id: string
  /** `public-link`: anybody who has the link, also one that was mailed. `federated`: people of other servers. */
  kind: 'public-link' | 'federated' | 'internal'
  /** In the user's own files, such as `/Plans/2027.ods`. */
  path: string
}

// Nextcloud's share types. 15, ScienceMesh, was dropped in 33 or 34: people of other servers, too.
const publicLinks = new Set([3, 4])
const federated = new Set([6, 9, 15])

const shares = '/apps/files_sharing/api/v1/shares'

/** What a user has besides tokens, with our own log-in as the user. */
export function possessionCalls(wire: Wire) {
  /**
   * Nextcloud says `[]` whether or not there was one, so the page is looked at first.
   * @returns false where it was not there any more
   * @throws NextcloudError session-gone, wrong-password, effect-unknown
   */
  async function deletePasskey(session: Session, id: number): Promise<boolean> {
    const { passkeys } = await readSecurityPage(wire, session)
    if (!passkeys.some((passkey) => passkey.id === id)) return false
    // 31 to 34 take the cookie alone within 30 minutes of the log-in; later ones may want what tokens want.
    const path = `/index.php/settings/api/personal/webauthn/registration/${id}`
    return deleteFromPage(wire, session, { path, name: 'delete passkey' })
  }

  /**
   * All that the user shares, from every folder, in one answer. Not among them: what others share of the user's
   * files, expired links (Nextcloud deletes them at this very call), and links to files in the trash, which lead
   * nowhere unless the file is restored. `[]` where sharing is switched off: no link leads anywhere then.
   * @throws NextcloudError session-gone, rubbish
   */
  async function listShares(session: Session): Promise<Share[]> {
    const call: Call = { method: 'GET', path: shares, name: 'list shares' }
    const envelope = await asUser(session, call)
    if (envelope.statuscode === 404 || envelope.statuscode === 998) return []
    const { statuscode, data } = envelope
    const list = statuscode === 200 && Array.isArray(data) ? data.map(toShare) : undefined
    if (!list?.every((share) => share !== undefined)) throw unexpectedCode(call, envelope)
    return list
  }

  /**
   * @returns false where it was not there any more
   * @throws NextcloudError busy: somebody is writing to the file; session-gone, effect-unknown
   */
  async function deleteShare(session: Session, id: string): Promise<boolean> {
    const path = `${shares}/${encodeURIComponent(id)}`
    const call: Call = { method: 'DELETE', path, name: 'delete share', effect: true }
    const envelope = await asUser(session, call)
    if (envelope.statuscode === 200) return true
    if (envelope.statuscode === 403) {
      throw new NextcloudError('not-allowed', 'Nextcloud does not let the user end one of the shares.')
    }
    if (envelope.statuscode !== 404) throw unexpectedCode(call, envelope)
    // It says 404 for a locked file as well, apart from the text, which is in the user's language.
    const still = await asUser(session, { method: 'GET', path, name: 'find share' })
    if (still.statuscode === 404) return false
    const detail = 'A file that is shared is being written to, so the share was not ended.'
    throw new NextcloudError('busy', detail, { isLocked: true })
  }

  /** Over OCS, with the cookies of our log-in and nothing else. */
  function asUser(session: Session, call: Call): Promise<Envelope> {
    const sent = withJsonFormat({ ...call, cookies: cookieHeader(session.cookies) })
    return wire.send(sent, (answer) => {
      refuseCommonFailures(answer)
      keep(session.cookies, answer)
      // 401: it was ended, or the user disabled. 303: a second factor was asked for meanwhile.
      if (answer.status === 401 || answer.status === 303) throw sessionGone(call)
      const envelope = parseEnvelope(answer.body)
      if (!envelope) throw unexpected(call, answer)
      return envelope
    })
  }

  return { deletePasskey, listShares, deleteShare }
}

function toShare(raw: unknown): Share | undefined {
  const { id, share_type: type, path } = (raw ?? {}) as Record<string, unknown>
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof type !== 'number') return undefined
  const kind = publicLinks.has(type) ? 'public-link' : federated.has(type) ? 'federated' : 'internal'
  return { id: String(id), kind, path: storable(typeof path === 'string' ? path : '') }
}
