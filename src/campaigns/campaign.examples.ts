import { allCounts, type CampaignView } from './campaign.schema.ts'
import type { Definition } from './campaign.ts'
import type { PreviewView } from './preview.schema.ts'

const definition: Definition = {
  mode: 'confirm',
  audience: { groups: ['customers'] },
  schedule: { every: 'P3M', startsAt: '2027-01-11T09:00:00+01:00', timeZone: 'Europe/Berlin' },
  remindAfter: ['P7D', 'P12D'],
  closesAfter: 'P14D',
  onSilence: 'disable',
  onLeft: 'disable',
  onBounce: 'hold',
  owner: 'it@example.org',
  minimumResponse: 50,
  skipConfirmedWithin: 'P2M',
  pace: { usersPerHour: 1_000, resetsPerDomain: 6 },
  contacts: [],
  mails: {}
}

export const created: CampaignView = {
  id: '01a20940-1c2e-7000-8b4d-3f0a9a1c5e77',
  name: 'Customers, autumn',
  state: 'scheduled',
  definition,
  nextRoundAt: '2027-01-11T08:00:00.000Z',
  problem: null,
  round: null,
  report: null,
  requestedBy: 'key:first',
  createdAt: '2026-11-23T16:40:00.000Z',
  endedAt: null
}

const round = {
  number: 1,
  beganAt: '2027-01-11T08:00:00.214Z',
  openedAt: '2027-01-11T08:00:02.871Z',
  closedAt: null,
  endedAt: null,
  listed: 1_204,
  counts: allCounts({ out: 31, waiting: 0, asked: 214, confirmed: 812, left: 0, bounced: 9, acted: 4 }),
  brakes: []
}

const begun = {
  ...created,
  nextRoundAt: null,
  round,
  report: `/campaigns/${created.id}/report?round=1`
}

export const open: CampaignView = { ...begun, state: 'open' }
export const paused: CampaignView = { ...begun, state: 'paused' }
export const cancelled: CampaignView = { ...begun, state: 'cancelled', endedAt: '2027-01-19T10:02:11.003Z' }
export const planning: CampaignView = {
  ...begun,
  state: 'planning',
  round: { ...round, openedAt: null, listed: null, counts: allCounts({}) }
}

export const preview: PreviewView = {
  listed: 1_204,
  in: { total: 2, users: ['alice', 'carol'] },
  out: [{ reason: 'no-mail-address', total: 1, users: ['erin'] }],
  firstMailsPerHour: 2,
  lastMailAt: '2026-11-23T16:40:03.600Z',
  closesAt: '2026-12-07T16:40:03.600Z',
  dates: ['2027-01-11T08:00:00.000Z', '2027-04-11T07:00:00.000Z'],
  approval: { lockOuts: 2, most: 25, needed: false },
  mail: {
    subject: 'Do you still need access? – cloud.example.org',
    language: 'en',
    text: 'Hello Alice Example, …',
    html: '<!doctype html>…'
  }
}
