import { absolute } from '../http/exchange.ts'
import type { UserCall } from '../http/route.ts'
import { isFor, type Share, within } from '../model/shares.ts'

const isOf = (share: Share, userId: string): boolean => share.owner === userId || share.initiator === userId

/** A share as the API shows it to its owner, to who made it, and to whom it is for. */
export function shareView(call: UserCall, share: Share): Record<string, unknown> {
  const { nextcloud, actor } = call
  const nameOf = (id: string): string => nextcloud.users.get(id)?.displayName ?? id
  const own = isOf(share, actor.id)
  const mount = share.owner === actor.id ? undefined : mountOf(call, share)
  const mounted = mount !== undefined
  const number = numberOf(`${share.owner}:${share.path}`)
  const name = share.path.slice(share.path.lastIndexOf('/'))
  return {
    id: String(share.id),
    share_type: share.type,
    uid_owner: share.initiator,
    displayname_owner: nameOf(share.initiator),
    permissions: share.permissions,
    can_edit: own,
    can_delete: own || (share.type === 0 && share.shareWith === actor.id),
    stime: share.sharedAt,
    parent: null,
    expiration: expiration(call, share),
    token: share.token,
    uid_file_owner: share.owner,
    note: '',
    label: share.label,
    displayname_file_owner: nameOf(share.owner),
    path: share.path,
    item_type: share.itemType,
    // What they may do with the file itself: nobody deletes what is only mounted.
    item_permissions: share.itemType === 'file' || (mounted && own) ? 27 : mounted ? mine(share) : 31,
    'is-mount-root': mount === share.path,
    'mount-type': mounted ? 'shared' : '',
    mimetype: share.itemType === 'folder' ? 'httpd/unix-directory' : 'text/plain',
    has_preview: share.itemType === 'file',
    storage_id: mounted ? `shared::${mount}` : `home::${share.owner}`,
    storage: numberOf(share.owner),
    item_source: number,
    file_source: number,
    file_parent: number - 1,
    file_target: share.type === 4 ? null : name,
    item_size: 4,
    item_mtime: share.sharedAt,
    ...(share.type === 6 && !nextcloud.quirks.sharesAreOld && { is_trusted_server: false }),
    ...recipient(call, share),
    mail_send: share.type === 4 ? 1 : 0,
    hide_download: 0,
    attributes: null
  }
}

/** To the permissions of what one was given comes the right to be rid of it. */
const mine = (share: Share): number => share.permissions | 8

/** The folder by which it came to the viewer: of several the outermost one. */
function mountOf({ nextcloud, actor }: UserCall, { owner, path }: Share): string {
  const paths = nextcloud.shares
    .all()
    .filter((one) => one.owner === owner && isFor(actor, one) && within(path, one.path))
    .map((one) => one.path)
  return paths.sort((a, b) => a.length - b.length)[0] ?? path
}

function expiration({ nextcloud }: UserCall, { expiresAt }: Share): string | null {
  if (expiresAt === null) return null
  const [day, time] = new Date(expiresAt * 1000).toISOString().split('T')
  return `${day} ${nextcloud.quirks.sharesAreOld ? '00:00:00' : time!.slice(0, 8)}`
}

function recipient(call: UserCall, share: Share): Record<string, unknown> {
  const { nextcloud, exchange } = call
  const { shareWith, type } = share
  const hash = nextcloud.quirks.redactsLinkPasswords
    ? 'redacted'
    : '3|$argon2id$v=19$m=65536,t=4,p=1$c2ltdWxhdGVk'
  const password = share.hasPassword ? hash : null
  if (type === 0) {
    const user = nextcloud.users.get(shareWith ?? '')
    return {
      share_with: shareWith,
      share_with_displayname: user?.displayName ?? shareWith,
      share_with_displayname_unique: user?.email || shareWith
    }
  }
  if (type === 1) return { share_with: shareWith, share_with_displayname: shareWith }
  if (type === 6) return { share_with: shareWith, share_with_displayname: '' }
  if (type === 4) {
    return {
      share_with: shareWith,
      password,
      password_expiration_time: null,
      send_password_by_talk: false,
      share_with_displayname: shareWith
    }
  }
  return {
    share_with: password,
    share_with_displayname: '(Shared link)',
    password,
    send_password_by_talk: false,
    url: absolute(exchange, `/s/${share.token}`)
  }
}

/** File and storage ids: some number, the same for the same file. */
function numberOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) + 2
}
