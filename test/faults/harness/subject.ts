import type { Kind } from '../../../src/operations/operation.ts'
import type { Credential, Sandbox } from '../../../src/sandbox/index.ts'
import type { Card, Hit } from './faults.ts'
import type { Random } from './random.ts'

/** A user, what is asked for, and what the operation will be hit by. */
export type Subject = {
  id: string
  kind: Kind
  mail: 'nextcloud' | 'smtp' | 'none'
  hit: Hit
  sessions: number
  appPasswords: number
}

/** A user for the card, furnished at random. */
export function planSubject(random: Random, number: number, { kind, hit }: Card): Subject {
  return {
    id: `user${number}`,
    kind,
    // What strikes at the mail needs one to strike at.
    mail:
      kind === 'reset-mail' || isAtMail(hit)
        ? 'nextcloud'
        : random.pick(['nextcloud', 'smtp', 'none', 'none'] as const),
    hit,
    sessions: random.below(3),
    // What strikes at a deletion needs something to delete.
    appPasswords: 1 + random.below(3)
  }
}

const isAtMail = (hit: Hit) =>
  hit.do === 'remote'
    ? hit.call === 'request reset mail'
    : hit.do !== 'none' && hit.step === 'send-reset-mail'

/** What the person held before: all of it must be dead afterwards. */
export function furnish(sandbox: Sandbox, { id, sessions, appPasswords }: Subject): Credential[] {
  sandbox.createUser({ id, password: oldPassword(id), email: `${id}@example.org` })
  return [
    { user: id, password: oldPassword(id) },
    ...Array.from({ length: sessions }, () => sandbox.openBrowserSession(id)),
    ...Array.from({ length: appPasswords }, (_, n) => ({
      user: id,
      password: sandbox.createAppPassword(id, `Device ${n}`).password
    }))
  ]
}

const oldPassword = (id: string) => `Old-Password-of-${id}`
