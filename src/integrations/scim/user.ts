/** A user as SCIM clients see it. */
import type { Caller } from '../../access/scope.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import type { Members } from './attributes.ts'
import type { Known } from './scim.sql.ts'
import { isActive, type Standing } from './standing.ts'
import { prefix, urn } from './urns.ts'

/** A path where PUBLIC_URL is not set: no link is ever made from what a request says of its host. */
export const locationOf = (origin: string | undefined, kind: 'Users' | 'Groups', id: string) =>
  `${origin ?? ''}${prefix}/${kind}/${encodeURIComponent(id)}`

type Told = { user: NextcloudUser; standing: Standing; known: Known | undefined }

export function viewOf({ user, standing, known }: Told, { owner }: Caller, origin?: string): Members {
  const { id, displayName, mailAddress, language, groups } = user
  const act = [standing.open, ...standing.held].find((each) => each?.owner === owner)
  return {
    schemas: [urn.user, ...(act ? [urn.operation] : [])],
    id,
    ...(known?.externalId && { externalId: known.externalId }),
    userName: id,
    displayName,
    name: { formatted: displayName },
    active: isActive(user, standing),
    emails: mailAddress === null ? [] : [{ value: mailAddress, type: 'work', primary: true }],
    ...(language !== null && { preferredLanguage: language }),
    groups: groups.map((group) => ({
      value: group,
      display: group,
      $ref: locationOf(origin, 'Groups', group)
    })),
    meta: { resourceType: 'User', location: locationOf(origin, 'Users', id) },
    ...(act && {
      [urn.operation]: {
        operation: `/operations/${act.id}`,
        kind: act.kind,
        state: act.state,
        ...(act.state === 'awaiting-approval' && { approval: `/approvals/${act.approvalId}` })
      }
    })
  }
}

/** As if it was off-boarded and disabled, if it ever was off-boarded: nothing else is known while Nextcloud is away. */
export const unseen = ({ userId }: Known): NextcloudUser => ({
  id: userId,
  displayName: userId,
  mailAddress: null,
  enabled: false,
  backend: 'unknown',
  canSetPassword: false,
  language: null,
  groups: [],
  lastLogin: null
})
