/** What can be done to one user: how each is asked of the API, and with which options. */
import type { Scope } from '../access/scope.ts'
import type { Html } from '../html.ts'
import { checkBox, choice, textField } from './forms.ts'
import { query } from './html.ts'
import type { Body } from './visit.ts'

type Fields = Record<string, string>
type Has = (scope: Scope) => boolean

export type Deed = {
  /** Last part of the page's path. */
  name: string
  /** As the API declares it. */
  route: string
  method: 'POST' | 'DELETE'
  button: string
  means: string
  /** It takes away what nobody can give back. */
  isFinal?: true
  fields: (given: Fields, has: Has) => Html[]
  /** Members of the body (POST) or of the query (DELETE), besides the reason. */
  options: (given: Fields) => Body
  path: (userId: string, given: Fields) => string
}

const users = (userId: string, rest: string) => `/users/${encodeURIComponent(userId)}/${rest}`
const isYes = (value: string | undefined) => value === 'yes'

const mailField = ({ mail }: Fields) =>
  choice(
    'mail',
    'Who mails the user',
    [
      ['', 'As it is set'],
      ['nextcloud', 'Nextcloud: its “forgot password” mail'],
      ['smtp', 'Locksmith: a mail of its own'],
      ['none', 'Nobody']
    ],
    { value: mail }
  )
const twoFactorField = ({ twoFactor }: Fields) =>
  checkBox('twoFactor', 'Remove second factors that are in the way', {
    hint: 'For good: the user sets them up anew.',
    value: twoFactor
  })
const dataLossField = ({ acceptDataLoss }: Fields) =>
  checkBox('acceptDataLoss', 'Accept that encrypted files may become unreadable', {
    hint: 'Only where the server encrypts with each user’s own key.',
    value: acceptDataLoss
  })

const replacing = (given: Fields) => [mailField(given), twoFactorField(given), dataLossField(given)]
const replacingOptions = ({ mail, twoFactor, acceptDataLoss }: Fields): Body => ({
  ...(mail && { mail }),
  ...(isYes(twoFactor) && { twoFactor: 'remove' }),
  ...(isYes(acceptDataLoss) && { acceptDataLoss: true })
})

const plain = { fields: () => [], options: () => ({}) }
const post = (name: string) => ({
  name,
  route: `POST /users/:userId/${name}`,
  method: 'POST' as const,
  path: (userId: string) => users(userId, name)
})

export const deeds: Deed[] = [
  {
    ...post('offboard'),
    button: 'Off-board',
    means:
      'For a leaver: the account is disabled, its password replaced, every session and app password ended. It goes as far as it can, and says what is left.',
    fields: (given, has) => [
      checkBox('shares', 'Delete public links and shares with other servers', { value: given.shares }),
      checkBox('groups', 'Take the user out of all groups', { value: given.groups }),
      ...(has('users:wipe')
        ? [
            checkBox('wipe', 'Tell all devices to erase what they have synchronised', {
              hint: 'Cannot be taken back.',
              value: given.wipe
            })
          ]
        : []),
      twoFactorField(given),
      dataLossField(given),
      textField('manager', 'Mail address of a manager who is told what was done', {
        type: 'email',
        max: 254,
        value: given.manager
      }),
      ...(has('users:delete')
        ? [
            choice(
              'deleteAfter',
              'Delete the account with all its files',
              [
                ['', 'Never: it stays, disabled'],
                ['P30D', 'In 30 days'],
                ['P90D', 'In 90 days'],
                ['P1Y', 'In a year']
              ],
              { hint: 'Unless the user came back by then.', value: given.deleteAfter }
            )
          ]
        : [])
    ],
    options: (given) => ({
      ...(isYes(given.shares) && { shares: 'delete' }),
      ...(isYes(given.groups) && { groups: 'all' }),
      ...(isYes(given.wipe) && { wipe: true }),
      ...(isYes(given.twoFactor) && { twoFactor: 'remove' }),
      ...(isYes(given.acceptDataLoss) && { acceptDataLoss: true }),
      ...(given.manager && { manager: given.manager }),
      ...(given.deleteAfter && { deleteAfter: given.deleteAfter })
    })
  },
  {
    ...post('reset'),
    button: 'Reset',
    means:
      'A password that nobody knows, every session and app password ended, and the reset mail sent. For a phone that was lost, or an account that may be in wrong hands.',
    fields: (given) => [
      choice(
        'revoke',
        'What ends',
        [
          ['', 'Every session and app password'],
          ['sessions', 'Browser sessions only'],
          ['none', 'Nothing: only the password is replaced']
        ],
        { value: given.revoke }
      ),
      ...replacing(given)
    ],
    options: (given) => ({ ...(given.revoke && { revoke: given.revoke }), ...replacingOptions(given) })
  },
  {
    ...post('reset-mail'),
    button: 'Send reset mail',
    means: 'Asks Nextcloud for its “forgot password” mail. Nothing else is changed.',
    ...plain
  },
  {
    name: 'revoke',
    route: 'DELETE /users/:userId/tokens',
    method: 'DELETE',
    button: 'End sessions',
    means: 'Ends sessions and app passwords. The password stays, unless nothing else can end them.',
    fields: (given) => [
      choice(
        'kind',
        'What ends',
        [
          ['', 'Sessions and app passwords'],
          ['session', 'Browser sessions only'],
          ['app-password', 'App passwords only']
        ],
        { value: given.kind }
      ),
      checkBox('replacePassword', 'Replace the password where nothing else can end them', {
        hint: 'Includes the reset mail, so that nobody is stranded.',
        value: given.replacePassword
      }),
      twoFactorField(given),
      dataLossField(given)
    ],
    options: (given) => ({
      ...(given.kind && { kind: given.kind }),
      ...(isYes(given.replacePassword) && { replacePassword: true }),
      ...replacingOptions(given)
    }),
    path: (userId) => users(userId, 'tokens')
  },
  {
    name: 'revoke-one',
    route: 'DELETE /users/:userId/tokens/:tokenId',
    method: 'DELETE',
    button: 'End this one',
    means: 'Ends this one session or app password.',
    fields: (given) => [
      checkBox('replacePassword', 'Replace the password where nothing else can end it', {
        hint: 'Includes the reset mail, so that nobody is stranded.',
        value: given.replacePassword
      })
    ],
    options: (given) => ({ ...(isYes(given.replacePassword) && { replacePassword: true }) }),
    path: (userId, { token = '' }) => users(userId, `tokens/${encodeURIComponent(token)}`)
  },
  {
    ...post('disable'),
    button: 'Disable',
    means: 'Nobody gets in as the user until it is enabled. Nothing is revoked: for a leaver, off-board.',
    ...plain
  },
  {
    ...post('enable'),
    button: 'Enable',
    means: 'The user gets in again, and nothing from before comes back.',
    fields: replacing,
    options: replacingOptions
  },
  {
    ...post('reinstate'),
    button: 'Reinstate',
    means: 'A leaver comes back: enabled with nothing from before, and a scheduled deletion is cancelled.',
    fields: (given) => [
      checkBox('restoreGroups', 'Back into the groups that the last off-boarding took', {
        value: given.restoreGroups
      }),
      ...replacing(given)
    ],
    options: (given) => ({
      ...(isYes(given.restoreGroups) && { restoreGroups: true }),
      ...replacingOptions(given)
    })
  },
  {
    ...post('wipe'),
    button: 'Wipe devices',
    means:
      'Every browser and app is signed out, and told to erase what it has synchronised when it next calls. Nobody can take that back.',
    isFinal: true,
    ...plain
  }
]

export const deedOf = (name: string) => deeds.find((deed) => deed.name === name)

/** Which are offered: what makes no sense for somebody who is disabled, or is not, is left out. */
export const fits = ({ name }: Deed, isEnabled: boolean | undefined): boolean => {
  if (name === 'revoke-one') return false
  if (isEnabled === undefined) return true
  if (['reset', 'reset-mail', 'disable'].includes(name)) return isEnabled
  return ['enable', 'reinstate'].includes(name) ? !isEnabled : true
}

/** The request of the API. */
export function requestOf(deed: Deed, userId: string, given: Fields, isDry: boolean) {
  const options = { ...(given.reason && { reason: given.reason }), ...deed.options(given) }
  const path = deed.path(userId, given)
  const dry = isDry ? { dryRun: 'true' } : {}
  return deed.method === 'POST'
    ? { path: query(path, dry), body: options }
    : { path: query(path, { ...(options as Record<string, string>), ...dry }), body: undefined }
}
