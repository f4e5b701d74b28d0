import type { SandboxClock } from '../clock.ts'
import { alphanumerics } from './random.ts'
import type { User } from './users.ts'

/** 0 a user, 1 a group, 3 a public link, 4 a link by mail, 6 a user of another server. */
export type ShareType = 0 | 1 | 3 | 4 | 6

/** A row of oc_share. */
export interface Share {
  id: number
  type: ShareType
  /** Whose file it is (`uid_file_owner`); the one who shares somebody else's file is not its owner. */
  owner: string
  /** Who shares it (`uid_owner` in JSON). */
  initiator: string
  path: string
  itemType: 'folder' | 'file'
  shareWith: string | null
  permissions: number
  token: string | null
  hasPassword: boolean
  label: string
  /** Seconds; null = never. */
  expiresAt: number | null
  sharedAt: number
}

/** What the back door says of a share; everything but the type has a default. */
export interface ShareSpec {
  type: ShareType
  path?: string
  itemType?: 'folder' | 'file'
  /** A user, a group, a mail address or `user@server`. */
  shareWith?: string
  /** Whose file it is, where somebody passes on what was shared with them. */
  owner?: string
  permissions?: number
  hasPassword?: boolean
  label?: string
  expiresAt?: number
}

const hasToken = (type: ShareType): boolean => type === 3 || type === 4 || type === 6

/** Everything that is shared. */
export class Shares {
  #rows = new Map<number, Share>()
  #lastId = 0
  #clock: SandboxClock

  constructor(clock: SandboxClock) {
    this.#clock = clock
  }

  add(initiator: string, spec: ShareSpec): Share {
    const { type, path = '/Project' } = spec
    const share: Share = {
      id: ++this.#lastId,
      type,
      owner: spec.owner ?? initiator,
      initiator,
      path,
      itemType: spec.itemType ?? (/\.\w+$/.test(path) ? 'file' : 'folder'),
      shareWith: spec.shareWith ?? null,
      permissions: spec.permissions ?? 17,
      token: hasToken(type) ? alphanumerics(15) : null,
      hasPassword: spec.hasPassword ?? false,
      label: spec.label ?? '',
      expiresAt: spec.expiresAt ?? null,
      sharedAt: this.#clock.seconds()
    }
    this.#rows.set(share.id, share)
    return share
  }

  /** By type, then as they were made: the order in which Nextcloud asks its providers. Looking deletes what has expired. */
  all(): Share[] {
    for (const share of this.#rows.values()) if (this.#expired(share)) this.#rows.delete(share.id)
    return [...this.#rows.values()].sort((a, b) => a.type - b.type || a.id - b.id)
  }

  get(id: number): Share | undefined {
    return this.all().find((share) => share.id === id)
  }

  byToken(token: string): Share | undefined {
    return this.all().find((share) => share.token === token)
  }

  /** What the recipient passed on of it goes with it, unless they can reach it otherwise. */
  remove(share: Share): void {
    this.#rows.delete(share.id)
    if (share.type !== 0) return
    const reached = this.all().some(({ type, path, shareWith }) => {
      return type === 0 && shareWith === share.shareWith && within(share.path, path)
    })
    if (reached) return
    for (const other of this.all()) {
      const passedOn = other.owner === share.owner && other.initiator === share.shareWith
      if (passedOn && within(other.path, share.path)) this.remove(other)
    }
  }

  /** What goes with an account. Mail and federated shares of somebody else's files stay (Nextcloud's `userDeleted`). */
  removeUser(userId: string): void {
    for (const share of this.all()) {
      const received = share.type === 0 && share.shareWith === userId
      const linked = share.type === 3 && share.initiator === userId
      if (share.owner === userId || received || linked) this.#rows.delete(share.id)
    }
  }

  #expired({ expiresAt }: Share): boolean {
    return expiresAt !== null && expiresAt < this.#clock.seconds()
  }
}

/** Whether it is for this user, by name or as a member of a group. */
export function isFor({ id, groups }: Pick<User, 'id' | 'groups'>, { type, shareWith }: Share): boolean {
  return (type === 0 && shareWith === id) || (type === 1 && groups.includes(shareWith ?? ''))
}

export const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`)
