import type { ReportView } from './report.schema.ts'

/** Of a small round that is over: one confirmed, one was locked out after an approval. */
export const reportExample: ReportView = {
  campaign: {
    id: '01a2093a-77c1-7000-8b1e-9d3f5c7a1e42',
    name: 'Partner access, autumn 2026',
    definition: {
      mode: 'confirm',
      pace: {
        usersPerHour: 500,
        resetsPerDomain: 10
      },
      mails: {},
      owner: 'it-security@example.org',
      onLeft: 'offboard',
      audience: {
        groups: ['partners', 'suppliers'],
        exclude: {
          domains: ['example.org']
        }
      },
      contacts: [
        {
          domain: 'acme.example',
          address: 'chief@acme.example'
        }
      ],
      onBounce: 'hold',
      schedule: {
        every: 'P3M',
        startsAt: '2026-11-02T08:00:00Z',
        timeZone: 'Europe/Berlin'
      },
      onSilence: 'disable',
      closesAfter: 'P14D',
      remindAfter: ['P5D', 'P10D'],
      minimumResponse: 40
    },
    requestedBy: 'key:4kT0bXr2LmQz',
    owner: 'it-security@example.org'
  },
  round: {
    number: 1,
    beganAt: '2026-11-02T07:59:30.000Z',
    openedAt: '2026-11-02T08:00:00.000Z',
    closedAt: '2026-11-17T08:30:00.000Z',
    endedAt: '2026-11-19T10:00:00.123Z',
    extraSeconds: 0,
    listed: 1412,
    matched: 2,
    anyway: false,
    brakes: ['minimum-response']
  },
  final: true,
  asOf: '2026-11-19T10:00:00.123Z',
  evidenceFor: [
    {
      standard: 'ISO/IEC 27001:2022',
      control: 'Annex A 5.18',
      title: 'access rights'
    },
    {
      standard: 'SOC 2',
      control: 'CC6.3',
      title: 'authorizing, modifying and removing access'
    }
  ],
  counts: {
    participants: 2,
    out: {
      total: 0,
      because: {}
    },
    inRound: 2,
    results: {
      confirmed: 1,
      vouched: 0,
      excluded: 0,
      left: 0,
      silent: 1,
      bounced: 0,
      undelivered: 0,
      reset: 0,
      stopped: 0,
      open: 0
    },
    followed: {
      acted: 1,
      spared: 0,
      failed: 0,
      acting: 0,
      pending: 0
    },
    mails: {
      accepted: 3,
      refused: 0,
      unknown: 0,
      'not-sent': 0,
      begun: 0,
      bouncedSoft: 0,
      bouncedHard: 0
    }
  },
  timeline: [
    {
      at: '2026-11-02T08:00:00.000Z',
      confirmed: 0,
      vouched: 0,
      left: 0
    },
    {
      at: '2026-11-03T11:10:24.121Z',
      confirmed: 1,
      vouched: 0,
      left: 0
    },
    {
      at: '2026-11-17T08:30:00.000Z',
      confirmed: 1,
      vouched: 0,
      left: 0
    }
  ],
  marks: [
    {
      at: '2026-11-02T08:00:00.000Z',
      confirmed: 0,
      vouched: 0,
      left: 0,
      kind: 'opened'
    },
    {
      at: '2026-11-02T08:01:00.000Z',
      confirmed: 0,
      vouched: 0,
      left: 0,
      kind: 'invited'
    },
    {
      at: '2026-11-07T08:01:00.500Z',
      confirmed: 1,
      vouched: 0,
      left: 0,
      kind: 'reminded',
      number: 1
    },
    {
      at: '2026-11-17T08:30:00.000Z',
      confirmed: 1,
      vouched: 0,
      left: 0,
      kind: 'closed'
    },
    {
      at: '2026-11-19T10:00:00.123Z',
      confirmed: 1,
      vouched: 0,
      left: 0,
      kind: 'as-of'
    }
  ],
  contacts: [
    {
      address: 'chief@acme.example',
      mails: []
    }
  ],
  participants: [
    {
      userId: 'anna',
      displayName: 'Anna Ahrens',
      address: 'anna@acme.example',
      backend: 'Database',
      lastLogin: '2026-11-01T08:00:00.000Z',
      state: 'confirmed',
      outBecause: null,
      askedAt: '2026-11-02T08:01:00.123Z',
      contact: 'chief@acme.example',
      mails: [
        {
          number: 0,
          address: 'anna@acme.example',
          at: '2026-11-02T08:01:00.000Z',
          state: 'accepted',
          response: '250 2.0.0 Ok: queued as 4F1',
          bounce: null
        }
      ],
      answer: {
        answer: 'confirmed',
        at: '2026-11-03T10:20:30.456Z',
        by: 'self',
        role: 'self',
        reason: null
      },
      because: null,
      action: null,
      problem: null,
      endedAt: '2026-11-03T10:20:30.456Z'
    },
    {
      userId: 'emil',
      displayName: 'Emil Erb',
      address: 'emil@acme.example',
      backend: 'Database',
      lastLogin: '2026-11-01T08:00:00.000Z',
      state: 'acted',
      outBecause: null,
      askedAt: '2026-11-02T08:01:00.123Z',
      contact: 'chief@acme.example',
      mails: [
        {
          number: 0,
          address: 'emil@acme.example',
          at: '2026-11-02T08:01:00.000Z',
          state: 'accepted',
          response: '250 2.0.0 Ok: queued as 4F1',
          bounce: null
        },
        {
          number: 1,
          address: 'emil@acme.example',
          at: '2026-11-07T08:01:00.500Z',
          state: 'accepted',
          response: '250 2.0.0 Ok: queued as 4F1',
          bounce: null
        }
      ],
      answer: null,
      because: 'silent',
      action: {
        operationId: '01a25cf4-1f6a-7000-9a51-4be1c0a9d1f2',
        kept: true,
        kind: 'disable',
        state: 'succeeded',
        requestedBy: 'system',
        createdAt: '2026-11-18T08:00:00.000Z',
        finishedAt: '2026-11-18T09:12:44.120Z',
        outcome: {
          enabled: false
        },
        done: ['account disabled'],
        verified: ['read back from Nextcloud: disabled'],
        approval: {
          id: '01a257f0-5b3e-7000-8c2d-6f0e1d2c3b4a',
          hash: '5f0cde6ad1f5d16a8a2c6b8a8a1a5e7bb1c6ce0e3f9f1b6ad7d6cf0a6c1f2e3d',
          state: 'approved',
          brakes: ['minimum-response'],
          reason: 'list checked with the partner manager',
          decidedAt: '2026-11-18T08:59:01.000Z',
          decidedBy: 'key:3kPq9TzX1mLs'
        },
        problem: null
      },
      problem: null,
      endedAt: '2026-11-18T09:12:45.000Z'
    }
  ]
}

/** Its first lines. */
export const csvExample =
  '"user_id","display_name","address","backend","last_login","state","not_asked_because","asked_at","asked_at_address","mails","contact","answer","answered_at","answered_by","answered_as","answer_reason","action_because","action","action_state","action_done","action_verified","action_finished_at","operation_id","approval","approval_by","approval_at","approval_reason","approval_hash","problem","problem_detail","ended_at","campaign","round","report"\r\n"anna","Anna Ahrens","anna@acme.example","Database","2026-11-01T08:00:00.000Z","confirmed","","2026-11-02T08:01:00.123Z","anna@acme.example","invitation 2026-11-02T08:01:00.000Z to anna@acme.example: accepted (250 2.0.0 Ok: queued as 4F1)","chief@acme.example","confirmed","2026-11-03T10:20:30.456Z","self","self","","","","","","","","","","","","","","","","2026-11-03T10:20:30.456Z","Partner access, autumn 2026","1","final: as of 2026-11-19T10:00:00.123Z"\r\n'

export const manifestExample = `421561e3a363e164cf3dc8f6b0769c60a93bee0d7ea49bf5422ec486262581e8  campaign-partner-access-autumn-2026-round-1.csv
71507e2cac7ad9f2adf1215882598140d2558ce9d0d4821112fbe49b5a7eb3d5  campaign-partner-access-autumn-2026-round-1.html
de6f34395c84bf008b2377e96cccf62b60fe9896c9b95ce12bf5ffe8364c1aa3  campaign-partner-access-autumn-2026-round-1.json
`

/** How it begins. */
export const pageExample = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Access review: Partner access, autumn 2026, round 1</title>
`
