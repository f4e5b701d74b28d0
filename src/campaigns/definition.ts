/** From what was asked for to what a campaign is: defaults, and everything that can be known to be wrong at once. */
import { DomainError } from '../errors.ts'
import type { World } from '../world.ts'
import type { CampaignBody } from './campaign.schema.ts'
import type { Definition } from './campaign.ts'
import { checkSchedule } from './check-schedule.ts'
import { isRising } from './definition.sql.ts'
import { checkMailText } from './mails/override.ts'

export function definitionOf({ name: _, ...body }: CampaignBody): Definition {
  return {
    mode: body.mode ?? 'confirm',
    audience: body.audience,
    ...(body.schedule && { schedule: body.schedule }),
    remindAfter: body.remindAfter ?? ['P7D', 'P12D'],
    closesAfter: body.closesAfter ?? 'P14D',
    onSilence: body.onSilence ?? 'disable',
    onLeft: body.onLeft ?? 'disable',
    onBounce: body.onBounce ?? 'hold',
    owner: body.owner,
    minimumResponse: body.minimumResponse ?? 50,
    ...(body.skipConfirmedWithin !== undefined && { skipConfirmedWithin: body.skipConfirmedWithin }),
    pace: {
      usersPerHour: body.pace?.usersPerHour ?? 1_000,
      resetsPerDomain: body.pace?.resetsPerDomain ?? 6
    },
    contacts: body.contacts ?? [],
    mails: body.mails ?? {}
  }
}

const wrong = (what: string) => new DomainError('invalid-request', `${what} Nothing was recorded.`)

/** @throws DomainError invalid-request, unknown-group, public-url-not-configured, smtp-not-configured */
export async function checkDefinition(world: World, definition: Definition): Promise<void> {
  const { audience, schedule, mails, remindAfter, closesAfter, mode } = definition
  for (const name of ['lastLoginBefore', 'lastLoginAfter'] as const)
    if (audience[name] !== undefined && Number.isNaN(Date.parse(audience[name])))
      throw wrong(`body/audience/${name} is no time.`)
  const fault = schedule && checkSchedule(schedule)
  if (fault) throw wrong(`body/schedule: ${fault}`)
  for (const [language, text] of Object.entries(mails)) {
    const said = text && checkMailText(text)
    if (said) throw wrong(`body/mails/${language}: ${said}`)
  }
  if (!(await isRising(world.pool, [...remindAfter, closesAfter])))
    throw wrong('body/remindAfter must rise, and end before closesAfter.')
  if (!world.mailer)
    throw new DomainError(
      'smtp-not-configured',
      'A campaign sends mails of its own, and SMTP_URL is not set. Nothing was recorded. Set it and MAIL_FROM.'
    )
  if (mode === 'confirm' && world.confirmOrigin === undefined)
    throw new DomainError(
      'public-url-not-configured',
      'Mails of a campaign link to a page of Locksmith, and PUBLIC_URL is not set. Nothing was recorded. Set it to where people reach Locksmith.'
    )
  await checkGroups(world, definition)
}

async function checkGroups({ nextcloud }: World, { audience, contacts }: Definition): Promise<void> {
  const groups = new Set([
    ...(audience.groups ?? []),
    ...(audience.exclude?.groups ?? []),
    ...contacts.flatMap(({ group }) => group ?? [])
  ])
  for (const group of groups)
    if (!(await nextcloud.listUsers({ group, limit: 1, offset: 0 })))
      throw new DomainError('unknown-group', `Nextcloud has no group "${group}". Nothing was recorded.`)
}
