import Type, { type Static } from 'typebox'
import { problemOf } from '../errors.ts'
import { duration, lines, mailAddress, printable } from '../http/forms.ts'
import { TimeOrNull } from '../operations/operation.schema.ts'
import type { Counts } from './campaign.sql.ts'
import { type Campaign, campaignStates, consequences, modes, type Round } from './campaign.ts'
import { participantStates } from './participant.ts'

const optional = Type.Optional
export const strict = { additionalProperties: false } as const

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: printable })
const list = (item: ReturnType<typeof Type.String>, description: string) =>
  Type.Array(item, { minItems: 1, maxItems: 1_000, description })

export const Duration = (description: string) =>
  Type.String({ pattern: duration, maxLength: 30, description: `ISO 8601 duration. ${description}` })

const Address = (description: string) => Type.String({ maxLength: 254, pattern: mailAddress, description })
const Time = (description: string) => Type.String({ format: 'date-time', description })

const Groups = list(text(255), 'Members of one of these groups of Nextcloud')
const Domains = list(text(253), 'Whose mail address is at one of these domains; subdomains are others')
const Users = list(text(64), 'These ids')

const Audience = Type.Object(
  {
    groups: optional(Groups),
    domains: optional(Domains),
    users: optional(Users),
    backends: optional(
      list(
        text(100),
        'As Nextcloud names them: `Database`, `LDAP` … Without it users of directories are left out'
      )
    ),
    lastLoginBefore: optional(Time('Whose own last login was before; log-ins of Locksmith do not count')),
    lastLoginAfter: optional(Time('Whose own last login was later')),
    neverLoggedIn: optional(Type.Boolean()),
    exclude: optional(
      Type.Object(
        { groups: optional(Groups), domains: optional(Domains), users: optional(Users) },
        { ...strict, description: 'Whoever fits one of these is not in it' }
      )
    )
  },
  {
    ...strict,
    description: 'Whoever fits each member that is given; `{}` is everybody'
  }
)

const TimeZone = Type.String({ maxLength: 60, description: 'IANA name, such as `Europe/Berlin`' })
const Schedule = Type.Union(
  [
    Type.Object({ at: Time('Once, at this time') }, strict),
    Type.Object(
      {
        every: Duration('Such as `P3M`, by the calendar of the time zone'),
        startsAt: Time('The first date, whose time of day stays'),
        timeZone: TimeZone
      },
      strict
    ),
    Type.Object(
      { cron: Type.String({ maxLength: 100, description: 'Five fields' }), timeZone: TimeZone },
      strict
    )
  ],
  {
    description:
      'When rounds begin. None begins while another is open: a date that passes meanwhile is left out. Absent: once, when it is started'
  }
)

const MailText = Type.Object(
  {
    subject: optional(text(200)),
    text: optional(
      Type.String({
        minLength: 1,
        maxLength: 4_000,
        pattern: lines,
        description:
          'Replaces the introduction; what happens without an answer, the link and the footer stay. Paragraphs are parted by an empty line. `{name}`, `{userId}`, `{site}` and `{deadline}` are filled in'
      })
    )
  },
  strict
)

const Contact = Type.Union([
  Type.Object(
    {
      address: Address('Who is told'),
      domain: text(253),
      language: optional(Type.Enum(['de', 'en']))
    },
    strict
  ),
  Type.Object(
    { address: Address('Who is told'), group: text(255), language: optional(Type.Enum(['de', 'en'])) },
    strict
  )
])

const Whole = (most: number, rest: object) => Type.Integer({ minimum: 1, maximum: most, ...rest })

/** What a campaign is asked for with. */
export const CampaignBody = Type.Object(
  {
    name: text(200),
    audience: Audience,
    mode: optional(
      Type.Enum([...modes], {
        default: 'confirm',
        description:
          '`confirm`: a mail with a link; whoever follows it and confirms is left alone. `reset`: everybody is reset, and has to log in everywhere anew'
      })
    ),
    schedule: optional(Schedule),
    remindAfter: optional(
      Type.Array(Duration('After the first mail'), {
        maxItems: 10,
        default: ['P7D', 'P12D'],
        description: 'Reminders to whoever has not answered, each counted from the first mail, rising'
      })
    ),
    closesAfter: optional({
      ...Duration('Time to answer, from the first mail'),
      default: 'P14D'
    }),
    onSilence: optional(
      Type.Enum([...consequences], {
        default: 'disable',
        description: 'What is done to whoever does not answer'
      })
    ),
    onLeft: optional(
      Type.Enum([...consequences], {
        default: 'disable',
        description: 'What is done at once to whoever says that the access is not needed any more'
      })
    ),
    onBounce: optional(
      Type.Enum(['hold', ...consequences], {
        default: 'hold',
        description:
          'What is done to those whose mail came back for good, when the round closes. `hold`: what `onSilence` says, once a second person approves'
      })
    ),
    owner: Address(
      'The person who answers for the campaign: is told who left, what came back, and what to decide'
    ),
    minimumResponse: optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        default: 50,
        description: 'Percent: when fewer answer, a second person has to approve before anyone is locked out'
      })
    ),
    skipConfirmedWithin: optional(
      Duration('Whoever confirmed no longer ago than that in this campaign is not asked in its next round')
    ),
    pace: optional(
      Type.Object(
        {
          usersPerHour: optional(Whole(100_000, { default: 1_000, description: 'First mails, or resets' })),
          resetsPerDomain: optional(
            Whole(10_000, {
              default: 6,
              description:
                'Resets in 30 minutes at one mail domain: colleagues behind one address throttle each other at Nextcloud'
            })
          )
        },
        strict
      )
    ),
    contacts: optional(
      Type.Array(Contact, {
        maxItems: 500,
        description:
          'Persons at customers: each gets one mail, with the last reminder, saying who of their domain or group has not answered, and a page on which to vouch for them'
      })
    ),
    mails: optional(
      Type.Object(
        { de: optional(MailText), en: optional(MailText) },
        { ...strict, description: "In place of the built-in words, by the user's language in Nextcloud" }
      )
    )
  },
  {
    ...strict,
    examples: [
      {
        name: 'Customers, autumn',
        audience: { groups: ['customers'] },
        owner: 'it@example.org',
        schedule: { every: 'P3M', startsAt: '2027-01-11T09:00:00+01:00', timeZone: 'Europe/Berlin' },
        skipConfirmedWithin: 'P2M'
      }
    ]
  }
)
export type CampaignBody = Static<typeof CampaignBody>

const TextOrNull = Type.Union([Type.String(), Type.Null()])
const Count = Type.Integer({ minimum: 0 })
export const CountsView = Type.Object(
  Object.fromEntries(participantStates.map((state) => [state, Count])) as Record<
    (typeof participantStates)[number],
    typeof Count
  >,
  { description: 'Participants in each state' }
)

export const CampaignView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Type.String(),
    state: Type.Enum([...campaignStates]),
    definition: Type.Object(
      {},
      { additionalProperties: true, description: 'As asked for, with its defaults' }
    ),
    nextRoundAt: TimeOrNull,
    problem: Type.Union([
      Type.Object({}, { additionalProperties: true, description: 'Why it was aborted, or waits (RFC 9457)' }),
      Type.Null()
    ]),
    round: Type.Union(
      [
        Type.Object({
          number: Type.Integer({ minimum: 1 }),
          beganAt: Type.String({ format: 'date-time' }),
          openedAt: { ...TimeOrNull, description: 'Who is asked is known' },
          closedAt: { ...TimeOrNull, description: 'No answer counts any more' },
          endedAt: { ...TimeOrNull, description: 'All that followed is over' },
          listed: Type.Union([Count, Type.Null()], { description: 'Users that Nextcloud told of' }),
          counts: CountsView,
          brakes: Type.Array(Type.String(), {
            description: 'Why a second person is asked before those who were silent are locked out'
          })
        }),
        Type.Null()
      ],
      { description: 'The last one that began' }
    ),
    report: { ...TextOrNull, description: 'Path' },
    requestedBy: Type.String(),
    createdAt: Type.String({ format: 'date-time' }),
    endedAt: TimeOrNull
  },
  { $id: 'Campaign' }
)
export type CampaignView = Static<typeof CampaignView>

export function viewOf(campaign: Campaign, round: Round | undefined, counts: Counts): CampaignView {
  const { id, name, state, definition, nextRoundAt, problem, requestedBy, createdAt, endedAt } = campaign
  return {
    id,
    name,
    state,
    definition,
    nextRoundAt: nextRoundAt?.toISOString() ?? null,
    problem: problem && problemOf(problem.code, problem.detail, problem),
    round: round
      ? {
          number: round.number,
          beganAt: round.beganAt.toISOString(),
          openedAt: round.openedAt?.toISOString() ?? null,
          closedAt: round.closedAt?.toISOString() ?? null,
          endedAt: round.endedAt?.toISOString() ?? null,
          listed: round.listed,
          counts: allCounts(counts),
          brakes: round.brakes.map(({ brake }) => brake)
        }
      : null,
    report: round ? `/campaigns/${id}/report?round=${round.number}` : null,
    requestedBy,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null
  }
}

/** Each state has its number, 0 as well: whoever reads it need not know which are missing. */
export const allCounts = (counts: Counts) =>
  Object.fromEntries(participantStates.map((state) => [state, counts[state] ?? 0])) as Required<Counts>
