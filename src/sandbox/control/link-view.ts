import type { MadeLink } from '../model/histories.ts'
import type { Nextcloud } from '../model/nextcloud.ts'
import { judgeLink, type LinkVerdict } from '../model/reset-links.ts'

export interface LinkView extends Omit<MadeLink, 'token'> {
  /** Whether somebody who has it could set a password now. */
  works: boolean
  verdict: LinkVerdict
}

/** Judged without being used: nobody's attempt, and the link stays as it is. */
export function linksOf(nextcloud: Nextcloud, userId: string): LinkView[] {
  const user = nextcloud.users.get(userId)
  return nextcloud.histories.linksOf(userId).map(({ token, ...link }) => {
    const verdict = judgeLink(nextcloud, user, token)
    return { ...link, verdict, works: verdict === 'good' && user?.backend === 'Database' }
  })
}
