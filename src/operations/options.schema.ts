import Type from 'typebox'
import { duration, mailAddress } from '../http/forms.ts'

/** A group's id as Nextcloud has it. */
const Group = Type.String({ minLength: 1, maxLength: 255, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })

/** What can be asked for besides reason, mail and revoke. Each kind of operation takes its own. */
export const options = {
  twoFactor: Type.Enum(['keep', 'remove'], {
    description:
      "`remove`: takes the user's second factor away for good, where it is in the way of our log-in. `keep`: such a user is refused, unless there is a way around (AppAPI, occ, SQL)"
  }),
  acceptDataLoss: Type.Boolean({
    description:
      "Replace the password although the server encrypts files with each user's own: they may become unreadable"
  }),
  replacePassword: Type.Boolean({
    description: 'Where nothing else can revoke: replace the password for it, and have the reset mail sent'
  }),
  wipe: Type.Boolean({
    description: 'Tell all devices to erase what they have synchronised. Needs the scope `users:wipe`'
  }),
  passkeys: Type.Enum(['keep', 'delete'], {
    description:
      'Left out: deleted where Locksmith logs in as the user anyway, since each opens the account by itself. `delete`: it logs in for that, where it can'
  }),
  shares: Type.Enum(['keep', 'delete'], { description: 'Public links, and shares with other servers' }),
  groups: Type.Union([Type.Literal('all'), Type.Array(Group, { minItems: 1, maxItems: 100 })], {
    description: 'Groups to be taken out of: `"all"`, or those that are named'
  }),
  restoreGroups: Type.Boolean({ description: 'Back into the groups that the last off-boarding took' }),
  manager: Type.String({
    maxLength: 254,
    pattern: mailAddress,
    description:
      'A mail address that is told what was done, what is left, and when the account is deleted. Needs SMTP_URL'
  }),
  deleteAfter: Type.String({
    pattern: duration,
    maxLength: 30,
    description:
      'ISO 8601 duration, such as `P30D`: then the account is deleted with all its files, unless the user came back. Needs the scope `users:delete`'
  })
}

/** As an operation shows them. */
export const OptionsView = Type.Object(
  {
    ...(Object.fromEntries(
      Object.entries(options).map(([name, option]) => [name, Type.Optional(option)])
    ) as {
      [Name in keyof typeof options]: ReturnType<typeof Type.Optional<(typeof options)[Name]>>
    }),
    // Of a reinstatement: what was found to be restored, which may be none.
    groups: Type.Optional(
      Type.Union([Type.Literal('all'), Type.Array(Type.String())], {
        description: 'Groups that the user is taken out of, or comes back to'
      })
    ),
    campaign: Type.Optional(
      Type.Object(
        {
          id: Type.String({ format: 'uuid' }),
          round: Type.Integer({ minimum: 1 }),
          because: Type.Enum(['silent', 'bounced', 'undelivered', 'left', 'reset'])
        },
        { description: 'The campaign that it follows from, and why' }
      )
    ),
    only: Type.Optional(
      Type.Object(
        {
          kind: Type.Optional(Type.Enum(['session', 'app-password'])),
          lastUsedBefore: Type.Optional(Type.String({ format: 'date-time' })),
          tokenId: Type.Optional(Type.Integer())
        },
        { description: 'Which tokens were to go' }
      )
    )
  },
  { description: 'What else was asked for' }
)
