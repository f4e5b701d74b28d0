/** The reset link that was mailed and not used yet (`core`/`lostpassword` in oc_preferences). */
export interface PendingLink {
  token: string
  /** Seconds. */
  createdAt: number
  /** The address is part of the key the link is encrypted with: another one makes it invalid. */
  address: string
}

export interface User {
  id: string
  /** Null: the backend keeps it (LDAP, SAML). */
  password: string | null
  displayName: string
  email: string | null
  notifyEmail: string | null
  additionalMail: string[]
  groups: string[]
  subadminOf: string[]
  backend: string
  enabled: boolean
  /** Provider id → on or off. A provider that was never set up is absent. */
  twoFactor: Map<string, boolean>
  language: string
  locale: string
  timezone: string
  quota: string
  manager: string
  /** Seconds; 0 = never. */
  firstLogin: number
  lastLogin: number
  pendingLink: PendingLink | null
  profile: Record<string, string>
}

export type NewUser = Partial<Omit<User, 'id'>> & { id: string }

/** Nextcloud mails to `notify_email` where set, else `email` (fact 14). */
export const mailAddress = (user: User): string => user.notifyEmail || user.email || ''

/** The users of the sandbox. Ids are found in any case, and keep the one they were created with. */
export class Users {
  #byKey = new Map<string, User>()
  #sorted: readonly User[] | undefined
  #byBackend: User[][] | undefined
  #addressIsId: boolean

  constructor(addressIsId = false) {
    this.#addressIsId = addressIsId
  }

  add(user: NewUser): User {
    const full: User = {
      password: null,
      displayName: user.id,
      email: null,
      notifyEmail: null,
      additionalMail: [],
      groups: [],
      subadminOf: [],
      backend: 'Database',
      enabled: true,
      twoFactor: new Map(),
      language: 'en',
      locale: '',
      timezone: '',
      quota: 'none',
      manager: '',
      firstLogin: 0,
      lastLogin: 0,
      pendingLink: null,
      profile: {},
      ...user
    }
    this.#byKey.set(user.id.toLowerCase(), full)
    this.#forgetLists()
    return full
  }

  /** The only way into another backend. */
  change(user: User, fields: Partial<Omit<User, 'id'>>): void {
    Object.assign(user, fields)
    if (fields.backend !== undefined) this.#forgetLists()
  }

  #forgetLists(): void {
    this.#sorted = undefined
    this.#byBackend = undefined
  }

  get(id: string): User | undefined {
    return this.#byKey.get(id.toLowerCase())
  }

  /**
   * Whom Nextcloud takes a name for that came from outside: an id in any case; from 33 on else an address, the first
   * account's that has it and whose password Nextcloud keeps.
   */
  find(name: string): User | undefined {
    const byId = this.get(name)
    if (byId || !this.#addressIsId || Buffer.byteLength(name) > 64) return byId
    const [first] = this.byAddress(name)
    return first?.backend === 'Database' ? first : undefined
  }

  remove(user: User): void {
    this.#byKey.delete(user.id.toLowerCase())
    this.#forgetLists()
  }

  /** Sorted by id, as the database backend lists them. */
  all(): readonly User[] {
    this.#sorted ??= [...this.#byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, user]) => user)
    return this.#sorted
  }

  byAddress(address: string): User[] {
    const wanted = address.toLowerCase()
    return this.all().filter(
      ({ email }) => email?.length === address.length && email.toLowerCase() === wanted
    )
  }

  /** `limit` counts per backend, so a page may be longer than it (facts, "Listing"). */
  search(text: string, limit?: number, offset = 0): User[] {
    const wanted = text.toLowerCase()
    const end = limit === undefined ? undefined : offset + limit
    return this.#backends().flatMap((users) =>
      (wanted === '' ? users : users.filter((user) => isFoundBy(user, wanted))).slice(offset, end)
    )
  }

  /** The users of each backend: a page of a hundred thousand is found as fast as one of ten. */
  #backends(): User[][] {
    if (!this.#byBackend) {
      const lists = new Map<string, User[]>()
      for (const user of this.all()) {
        const list = lists.get(user.backend)
        if (list) list.push(user)
        else lists.set(user.backend, [user])
      }
      this.#byBackend = [...lists.values()]
    }
    return this.#byBackend
  }
}

const isFoundBy = ({ id, displayName, email }: User, wanted: string): boolean =>
  [id, displayName, email ?? ''].some((value) => value.toLowerCase().includes(wanted))
