import t from 'tap'
import type { Input } from '../../src/operations/operation.ts'
import { type Case, planOf } from '../../src/operations/plan.ts'
import type { Refusal } from '../../src/revocation/choose.ts'

const refusal = (code: Refusal['code']): Refusal => ({ code, because: 'It cannot be.' })
const session = { name: 'session', because: 'x' } as const
const sql = { name: 'sql', because: 'x' } as const

/** Every kind of user there is, and how their tokens are revoked. */
const cases: Record<string, Omit<Case, 'user'> & { canSetPassword: boolean }> = {
  'over HTTP': base({ choice: session }),
  'by SQL': base({ choice: sql }),
  'with a second factor, by AppAPI': base({
    choice: { ...session, pastSecondFactor: true },
    providers: ['totp']
  }),
  'with a second factor that is removed': base({ choice: session, providers: ['totp'] }),
  'of a directory, by SQL': base({
    choice: sql,
    canSetPassword: false,
    noReplacement: refusal('cannot-set-password')
  }),
  'of a directory, over HTTP': base({
    refused: refusal('cannot-set-password'),
    canSetPassword: false,
    noReplacement: refusal('cannot-set-password')
  }),
  'with a second factor, over HTTP': base({ refused: refusal('two-factor-user'), providers: ['totp'] }),
  'with keys of their own': base({
    refused: refusal('encryption-per-user-keys'),
    noReplacement: refusal('encryption-per-user-keys')
  })
}

function base(change: Partial<(typeof cases)[string]>) {
  return {
    providers: [],
    choice: undefined,
    refused: undefined,
    noReplacement: undefined,
    canSetPassword: true,
    ...change
  }
}

const bare: Input = { mail: 'nextcloud', revoke: 'all' }
const everything: Input = {
  ...bare,
  twoFactor: 'remove',
  wipe: true,
  shares: 'delete',
  groups: 'all',
  restoreGroups: true,
  deleteAfter: 'P30D',
  manager: 'boss@example.org'
}

const kinds = ['reset', 'revoke', 'enable', 'offboard', 'reinstate'] as const

const plans = kinds.flatMap((kind) =>
  Object.entries(cases).flatMap(([who, { canSetPassword, ...known }]) =>
    [true, false].flatMap((enabled) =>
      [bare, everything].flatMap((input) => {
        // Everything but an off-boarding is refused then.
        if (known.refused && kind !== 'offboard') return []
        const plan = planOf(kind, input, { ...known, user: { enabled, canSetPassword, groups: [] } })
        const done = plan.filter(({ not }) => !not).map(({ step }) => step)
        return [
          {
            name: `${kind} of ${enabled ? '' : 'a disabled user, '}who is ${who}`,
            kind,
            enabled,
            known,
            done
          }
        ]
      })
    )
  )
)

/** @returns undefined where one of them is not there */
const isBefore = (names: string[], first: string, then: string) =>
  names.includes(first) && names.includes(then) ? names.indexOf(first) < names.indexOf(then) : undefined

t.test('whoever the user is, the steps come in an order that keeps the promises', async (t) => {
  for (const { name, kind, enabled, known, done } of plans) {
    const names = done.map((step) => step.name)
    const keeps = (promise: string, holds: boolean | undefined) => t.not(holds, false, `${name}: ${promise}`)
    t.equal(names[0], 'check-user', name)
    t.equal(new Set(names).size, names.length, `${name}: no step twice`)
    keeps('the password goes before the tokens', isBefore(names, 'replace-password', 'revoke-tokens'))
    keeps(
      'the old password is dead before the second factor goes',
      isBefore(names, 'replace-password', 'remove-second-factors')
    )
    keeps('devices hear of the wipe before tokens go', isBefore(names, 'wipe-devices', 'revoke-tokens'))
    keeps('a log-in of ours would kill the link', isBefore(names, 'revoke-tokens', 'send-reset-mail'))
    keeps('nobody mails who cannot come in', isBefore(names, 'enable-user', 'send-reset-mail'))
    for (const { needs, name: step } of done) {
      const needed = needs?.(bare, { ...(known.choice && { driver: known.choice }) })
      const before = done.slice(0, names.indexOf(step))
      if (needed)
        t.ok(
          before.some(({ provides }) => provides === needed),
          `${name}: ${step} finds its ${needed}`
        )
    }
    const logsIn = known.choice?.name === 'session' && names.includes('revoke-tokens')
    if (logsIn && !enabled && kind !== 'reset' && kind !== 'revoke') {
      const opener = names.find((each) => each === 'enable-user' || each === 'enable-briefly')!
      t.ok(
        isBefore(names, 'replace-password', opener),
        `${name}: let in only by a password that nobody knows`
      )
      t.ok(isBefore(names, opener, 'revoke-tokens'), `${name}: nobody logs in as a disabled user`)
      const { opens } = done.find((step) => step.name === opener)!
      t.ok(isBefore(names, opener, opens!.until), `${name}: a crash in between closes it`)
    }
    if (!logsIn) keeps('revoked before it is enabled', isBefore(names, 'revoke-tokens', 'enable-user'))
    if (kind === 'offboard') {
      t.ok(names.includes('disable-user'), `${name}: is locked out in any case`)
      keeps(
        'disabled first where nobody has to log in',
        logsIn ? undefined : isBefore(names, 'disable-user', 'revoke-tokens')
      )
      keeps('shares are deleted before nobody can log in', isBefore(names, 'delete-shares', 'disable-user'))
    }
  }
})

t.test('an off-boarding says of every part that was asked for whether it was done', async (t) => {
  for (const [who, { canSetPassword, ...known }] of Object.entries(cases)) {
    const plan = planOf('offboard', everything, {
      ...known,
      user: { enabled: true, canSetPassword, groups: [] }
    })
    const names = plan.map(({ step }) => step.name)
    for (const step of [
      'disable-user',
      'replace-password',
      'wipe-devices',
      'revoke-tokens',
      'delete-shares',
      'leave-groups',
      'put-off-deletion',
      'report-residual-access',
      'notify-manager'
    ])
      t.ok(names.includes(step), `who is ${who}: ${step}`)
    for (const { step, not } of plan)
      if (not) t.ok(not.problem.detail, `who is ${who}: ${step.name} says why not`)
  }
})
