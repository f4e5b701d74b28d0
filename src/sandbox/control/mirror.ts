import { createHash } from 'node:crypto'
import type { Nextcloud } from '../model/nextcloud.ts'
import type { Token } from '../model/tokens.ts'

/** A row of oc_authtoken; the keys are made up. */
export interface AuthTokenRow {
  id: number
  uid: string
  login_name: string
  password: string | null
  name: string
  token: string
  type: number
  remember: number
  last_activity: number
  last_check: number
  scope: string | null
  expires: number | null
  private_key: string
  public_key: string
  version: number
  password_invalid: boolean
  password_hash: string | null
}

/** A row of oc_preferences. */
export interface PreferenceRow {
  userid: string
  appid: string
  configkey: string
  configvalue: string
}

export interface Mirror {
  authtokens: AuthTokenRow[]
  preferences: PreferenceRow[]
}

const hash = (text: string): string => createHash('sha512').update(text).digest('hex')

/** What the two tables would hold, for a test that keeps a real database in step. */
export function exportTokens({ users, tokens }: Nextcloud): Mirror {
  const all = users.all()
  return {
    authtokens: all.flatMap((user) => tokens.of(user.id).map(authTokenRow)).sort((a, b) => a.id - b.id),
    preferences: all
      .filter((user) => user.pendingLink !== null)
      .map(({ id, pendingLink }) => ({
        userid: id,
        appid: 'core',
        configkey: 'lostpassword',
        configvalue: hash(`link ${pendingLink!.token}`)
      }))
  }
}

function authTokenRow(token: Token): AuthTokenRow {
  const made = (what: string): string => hash(`${what} ${token.id}`)
  return {
    id: token.id,
    uid: token.userId,
    login_name: token.loginName,
    password: token.password === null ? null : made('password'),
    name: token.name,
    token: hash(token.secret),
    type: token.type,
    remember: token.type === 0 ? 1 : 0,
    last_activity: token.lastActivity,
    last_check: token.lastCheck,
    scope: null,
    expires: null,
    private_key: made('private key'),
    public_key: made('public key'),
    version: 2,
    password_invalid: token.passwordInvalid,
    password_hash: token.password === null ? null : hash(`hash ${token.password}`)
  }
}

/** What somebody deleted by SQL: the web server goes on with the tokens that it remembers, for ten seconds at most. */
export function importDeletions(
  { users, tokens }: Nextcloud,
  { tokenIds = [], resetLinksOf = [] }: Deletions
): void {
  for (const id of tokenIds) {
    const token = tokens.get(id)
    if (token) tokens.removeUnseen(token)
  }
  for (const userId of resetLinksOf) {
    const user = users.get(userId)
    // Ids are compared exactly there.
    if (user?.id === userId) user.pendingLink = null
  }
}

export interface Deletions {
  tokenIds?: number[]
  resetLinksOf?: string[]
}
