import type { Counts, NoticeOf } from './notice.ts'
import { brakeWords, labels } from './notice-words.ts'
import type { Block } from './render.ts'
import { capped, dayOf, plainId, plainName, short } from './words.ts'

/** What is told of one kind. */
export type Part = { heading: string; blocks: Block[] }

const mostListed = 100

export const abortedPart = ({ problem }: NoticeOf<'aborted'>): Part => ({
  heading: 'A round was stopped before anybody was asked',
  blocks: [{ strong: `${short(problem.title, 200)}.` }, short(problem.detail, 2_000)]
})

/** @param origin before the paths */
export function closedPart({ counts, approvals, brakes }: NoticeOf<'closed'>, origin: string): Part {
  const tally = { list: linesOf(counts) }
  if (approvals.length === 0)
    return {
      heading: 'The time to answer is over',
      blocks: [tally, 'Nothing waits for an approval: what follows has begun, where anything follows at all.']
    }
  const one = approvals.length === 1
  return {
    heading: 'The time to answer is over: a second person has to decide',
    blocks: [
      tally,
      ...(brakes.length > 0
        ? [
            'Why a second person is asked:',
            { list: brakes.map((brake) => brakeWords[brake] ?? short(brake, 100)) }
          ]
        : []),
      {
        strong: `Please have ${one ? 'this list' : 'these lists'} approved or rejected. Until then nothing is done to anybody on ${one ? 'it' : 'them'}:`
      },
      list(approvals.map((path) => origin + path)),
      {
        title: 'How to decide',
        note: [
          'Anybody may decide whose key has the scope approvals:decide and belongs to another owner than the one that began the campaign, and was not made by that one.',
          'GET the address above, look through the people on it, then POST to it with /approve (and the hash that was shown) or /reject at the end. On the host: locksmith host approvals show ID.',
          'A list that nobody decides on expires, and nothing is done.'
        ]
      }
    ]
  }
}

export const awayPart = ({ since }: NoticeOf<'page-away'>): Part => ({
  heading: 'The page to answer on cannot be reached',
  blocks: [
    `${since ? `Since ${dayOf(new Date(since), 'en')} nobody` : 'Nobody'} can answer. No mails are sent meanwhile, and everybody gets this time back once the page is there again. Please see to it that the page can be reached from outside.`
  ]
})

export function leftPart(left: NoticeOf<'left'>[]): Part {
  const says = (by: string) =>
    by === 'self'
      ? 'said so themselves'
      : `said by ${by.startsWith('contact:') ? 'the contact ' : ''}${plainId(by.replace(/^contact:/, ''))}`
  return {
    heading: left.length === 1 ? 'One person has left' : `${left.length} people have left`,
    blocks: [
      'They do not need their access any more:',
      list(left.map((person) => `${nameOf(person)} – ${says(person.by)}`))
    ]
  }
}

export const bouncedPart = (bounced: NoticeOf<'bounced'>[]): Part => ({
  heading: bounced.length === 1 ? 'One mail came back' : `${bounced.length} mails came back`,
  blocks: [
    'These people do not know that they are asked. Where somebody is still there, please have the address in Nextcloud put right, and confirm for them:',
    list(
      bounced.map(
        ({ address, said, ...person }) =>
          `${nameOf(person)}${address && address !== person.userId ? `: ${plainId(address)}` : ''}${said ? ` – “${short(said, 160)}”` : ''}`
      )
    )
  ]
})

export const endedPart = ({ counts, report }: NoticeOf<'ended'>, origin: string): Part => ({
  heading: 'The round is over',
  blocks: [{ list: linesOf(counts) }, `The report: ${origin}${report}`]
})

const nameOf = ({ displayName, userId }: { displayName: string; userId: string }) => {
  const id = plainId(userId)
  const name = plainName(displayName, userId)
  return name === id ? id : `${name} (${id})`
}

function list(lines: string[]): Block {
  const { shown, more } = capped(lines, mostListed)
  return { list: more > 0 ? [...shown, `and ${more} more`] : shown }
}

/** Only what there is, in an order that can be read. */
function linesOf(counts: Counts): string[] {
  const lines = labels.flatMap(([state, label]) => (counts[state] ? [`${label}: ${counts[state]}`] : []))
  return lines.length > 0 ? lines : ['Nobody was asked.']
}
