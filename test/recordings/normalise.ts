/**
 * Everything in which the sandbox may differ from a recording, in one place and with its reason. What is not
 * listed here is compared as it stands.
 */

/** Headers that a client reads. Others (CSP, cookies' attributes, request ids) are not compared. */
export const comparedHeaders = [
  'content-type',
  'location',
  'retry-after',
  'x-nextcloud-maintenance-mode',
  'x-nextcloud-bruteforce-throttled',
  'www-authenticate'
] as const

/** Another host, and the random id that slipped into a few recorded `user=` parameters. */
export function normaliseHeader(name: string, value: string): string {
  if (name !== 'location') return value
  return value.replace(/^https?:\/\/[^/]+/, '').replaceAll(/(?<=user=)rec-\w+/g, '<user>')
}

/** Members of JSON bodies whose value is another each time; what they are is compared all the same. */
const volatile: Record<string, (value: unknown) => unknown> = {
  // Seconds or milliseconds of a log-in: never (0) or some time.
  firstLoginTimestamp: (value) => (value === 0 ? 'never' : typeof value),
  lastLoginTimestamp: (value) => (value === 0 ? 'never' : typeof value),
  lastLogin: (value) => (value === 0 ? 'never' : typeof value),
  lastActivity: (value) => typeof value,
  // Row ids of tokens count on in the real database.
  tokenId: (value) => typeof value,
  apppassword: () => '<app-password>',
  // Bytes used: the sandbox has no files.
  used: (value) => typeof value,
  // Shares: ids of files and storages, times, hashes of passwords.
  stime: (value) => typeof value,
  storage: (value) => typeof value,
  item_source: (value) => typeof value,
  file_source: (value) => typeof value,
  file_parent: (value) => typeof value,
  item_mtime: (value) => typeof value,
  password: hash,
  share_with: hash,
  url: (value) => String(value).replace(/^https?:\/\/[^/]+/, ''),
  // Addresses of the instance itself.
  generate: (value) => String(value).replace(/^https?:\/\/[^/]+/, ''),
  validate: (value) => String(value).replace(/^https?:\/\/[^/]+/, '')
}

function hash(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('3|$argon2id$') ? '<hash>' : value
}

/** Of the capabilities only these are simulated; the rest belongs to apps that Locksmith never asks. */
const comparedCapabilities = ['bruteforce', 'password_policy']

export function normaliseJson(value: unknown, key = '', administrator = false): unknown {
  if (Object.hasOwn(volatile, key) && typeof value !== 'object') {
    // The admin of the sandbox has not logged in as often as the real one.
    return administrator && /login/i.test(key) ? 'some time or never' : volatile[key]!(value)
  }
  if (Array.isArray(value)) return value.map((one) => normaliseJson(one, '', administrator))
  if (typeof value !== 'object' || value === null) return value
  const isAdmin = administrator || (value as { id?: unknown }).id === 'admin'
  // The recorded 31 was installed with a locale for its admin.
  if (isAdmin && 'locale' in value) value = { ...value, locale: '' }
  const members = Object.entries(value as object)
  const isShare = members.some(([name]) => name === 'share_type')
  const entries = members.filter(([name]) => key !== 'capabilities' || comparedCapabilities.includes(name))
  return Object.fromEntries(
    entries.map(([name, inner]) => {
      // Row ids of shares are text, and count on.
      const plain = isShare && name === 'id' ? typeof inner : inner
      return [name, normaliseJson(plain, name, isAdmin)]
    })
  )
}

export interface ListedToken {
  id: number
  type: number
  current?: boolean
}

/** The real list has no order: PostgreSQL moves a row that was updated. */
export function inOneOrder<T extends ListedToken>(tokens: T[]): T[] {
  return tokens.toSorted((a, b) => Number(a.current ?? false) - Number(b.current ?? false) || a.type - b.type)
}

/** Of a page: whether it has a CSRF token, the initial states that the recorder kept, and its heading. */
export function normalisePage(body: string): unknown {
  const states: Record<string, unknown> = {}
  for (const [, id, value] of body.matchAll(
    /<input type="hidden" id="initial-state-([^"]+)" value="([^"]*)">/g
  )) {
    if (!keptStates.has(id!)) continue
    const data: unknown = JSON.parse(Buffer.from(value!, 'base64').toString('utf8'))
    states[id!] = listed[id!]?.(data as ListedToken[]) ?? data
  }
  return {
    hasRequestToken: /data-requesttoken="[^"]+"/.test(body),
    states,
    // Where there are initial states a client reads those; headings differ there (the sandbox's forms have one).
    heading: Object.keys(states).length > 0 ? undefined : /<h2[^>]*>([^<]*)<\/h2>/.exec(body)?.[1]
  }
}

const listed: Record<string, (data: ListedToken[]) => unknown> = {
  'settings-app_tokens': tokenList,
  'settings-webauthn-devices': (data) => data.map(({ id, ...rest }) => ({ tokenId: typeof id, ...rest }))
}

function tokenList(tokens: ListedToken[]): unknown {
  return inOneOrder(tokens).map(({ id, ...token }) => normaliseJson({ tokenId: id, ...token }))
}

/** The initial states that the recorder kept. */
const keptStates = new Set([
  'settings-app_tokens',
  'settings-webauthn-devices',
  'settings-can_create_app_token',
  'core-loginMessages',
  'core-loginUsername',
  'core-loginCanResetPassword'
])
