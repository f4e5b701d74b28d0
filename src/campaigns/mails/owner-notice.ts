import type { Notice, NoticeOf } from './notice.ts'
import {
  abortedPart,
  awayPart,
  bouncedPart,
  closedPart,
  endedPart,
  leftPart,
  type Part
} from './notice-parts.ts'
import { type Mail, render } from './render.ts'
import { short } from './words.ts'

export type OwnerNotice = {
  campaign: { id: string; name: string }
  /** Owners are written to in English. */
  language?: 'en'
  notices: Notice[]
  /** Where Locksmith is reached; left out: paths alone are told. */
  publicOrigin?: string
}

/** What has happened since the last one, in one mail: first what somebody has to do, then what is to be known. */
export function ownerNoticeMail({
  campaign,
  language = 'en',
  notices,
  publicOrigin = ''
}: OwnerNotice): Mail {
  const origin = publicOrigin.replace(/\/$/, '')
  const of = <K extends Notice['kind']>(kind: K) =>
    notices.filter((notice) => notice.kind === kind).map(({ details }) => details as NoticeOf<K>)
  const left = of('left')
  const bounced = of('bounced')
  const parts: Part[] = [
    ...of('aborted').map(abortedPart),
    ...of('closed').map((closed) => closedPart(closed, origin)),
    ...of('page-away').slice(-1).map(awayPart),
    ...(left.length > 0 ? [leftPart(left)] : []),
    ...(bounced.length > 0 ? [bouncedPart(bounced)] : []),
    ...of('ended').map((ended) => endedPart(ended, origin))
  ]
  const [first, ...others] = parts
  const name = short(campaign.name, 80)
  const heading = first?.heading ?? 'Nothing new'
  return render({
    subject: `${name}: ${heading}${others.length > 0 ? ', and more' : ''}`,
    language,
    site: `Campaign “${name}”`,
    heading,
    blocks: [...(first?.blocks ?? []), ...others.flatMap(({ heading, blocks }) => [{ heading }, ...blocks])],
    footer: `You receive this mail because you are named as the owner of this campaign. All of it: ${origin}/campaigns/${campaign.id}`
  })
}
