import { OcsFailure, Stumbled } from '../http/ocs.ts'
import { ocs, text, type UserCall } from '../http/route.ts'
import { isFor, type Share } from '../model/shares.ts'
import { shareView } from './share-view.ts'

const isTrue = (call: UserCall, name: string): boolean => text(call, name) === 'true'

/** What one's own list shows: what one shares, and with `reshares` what others share of one's files. */
function listed(call: UserCall): Share[] {
  const { nextcloud, actor } = call
  const path = text(call, 'path')
  const all = nextcloud.shares.all()
  if (isTrue(call, 'shared_with_me'))
    return all.filter((share) => share.initiator !== actor.id && isFor(actor, share))
  const mine = all.filter(
    ({ initiator, owner }) => initiator === actor.id || (isTrue(call, 'reshares') && owner === actor.id)
  )
  // One level below the folder, not the folder itself.
  if (isTrue(call, 'subfiles')) return mine.filter((share) => parentOf(share.path) === (path || '/'))
  return path === '' ? mine : mine.filter((share) => share.path === path)
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function remove(call: UserCall): [] {
  const { nextcloud, actor } = call
  const id = text(call, 'id')
  if (nextcloud.quirks.sharesAreOld && !/^-?\d+$/.test(id)) throw new Stumbled()
  const share = nextcloud.shares.get(Number(id))
  const mine = share && (share.initiator === actor.id || share.owner === actor.id)
  if (!share || !(mine || isFor(actor, share)))
    throw new OcsFailure(404, 'Wrong share ID, share does not exist')
  // A member of a group only turns it down; the others keep it.
  if (mine || share.type === 0) nextcloud.shares.remove(share)
  call.affects(share.owner, `delete share ${share.id}`)
  return []
}

const path = '/apps/files_sharing/api/v1/shares'

/** Shares, as the user. The list is complete: it knows no pages, and a `limit` is ignored. */
export const shareRoutes = [
  ocs({
    method: 'GET',
    path,
    access: 'user',
    run: (call) => listed(call).map((share) => shareView(call, share))
  }),
  ocs({ method: 'DELETE', path: `${path}/{id}`, access: 'user', run: remove })
]
