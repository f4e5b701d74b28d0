import { guestPage } from '../http/page.ts'
import { type Reply, redirect } from '../http/reply.ts'
import { type Call, text, web } from '../http/route.ts'
import type { Share } from '../model/shares.ts'

function found(call: Call): Share | undefined {
  const share = call.nextcloud.shares.byToken(text(call, 'token'))
  return share?.type === 3 || share?.type === 4 ? share : undefined
}

/** Whether the page is shown: the owner of the file and who shares it are both enabled. */
function mayShow({ nextcloud }: Call, { owner, initiator }: Share): boolean {
  return [owner, initiator].every((id) => nextcloud.users.get(id)?.enabled !== false)
}

function showLink(call: Call): Reply {
  const share = found(call)
  if (!share) return guestPage(call, { title: 'Nextcloud', heading: 'Share not found' }, 404)
  if (!mayShow(call, share)) return guestPage(call, { title: 'Nextcloud', heading: 'Page not found' }, 404)
  if (share.hasPassword) return redirect(`/s/${share.token}/authenticate/showshare`)
  return guestPage(call, { title: 'Nextcloud', body: `<p>Files</p>` })
}

function davError(status: number, exception: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?>\n<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">\n  <s:exception>Sabre\\DAV\\Exception\\${exception}</s:exception>\n</d:error>\n`
  }
}

/** The files themselves: they stay open while the owner is disabled, though the page says 404. */
function listFiles(call: Call): Reply {
  const share = found(call)
  if (!share) return davError(503, 'ServiceUnavailable')
  if (share.hasPassword) return davError(401, 'NotAuthenticated')
  return {
    status: 207,
    headers: { 'content-type': 'application/xml; charset=utf-8' },
    body: `<?xml version="1.0"?>\n<d:multistatus xmlns:d="DAV:"><d:response><d:href>/public.php/dav/files/${share.token}/</d:href></d:response></d:multistatus>`
  }
}

const files = { method: 'PROPFIND', access: 'anyone', skipsCsrf: true, run: listFiles } as const

/** What anybody can open who has a link. */
export const publicLinkRoutes = [
  web({ method: 'GET', path: '/s/{token}', access: 'anyone', skipsCsrf: true, run: showLink }),
  web({ ...files, path: '/public.php/dav/files/{token}' }),
  web({ ...files, path: '/public.php/dav/files/{token}/' })
]
