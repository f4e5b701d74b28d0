import type { Kind } from '../../../src/operations/operation.ts'
import type { Credential, Sandbox } from '../../../src/sandbox/index.ts'
import { type Hit, hitsOf, kinds } from './faults.ts'
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

/** Hits in the order of a shuffled deck, so that each comes up before any comes twice. */
export function createDeck(random: Random) {
  const decks = new Map<Kind, Hit[]>()
  return (kind: Kind): Hit => {
    const deck = decks.get(kind) ?? []
    if (deck.length === 0) deck.push(...random.shuffled(hitsOf(kind)))
    decks.set(kind, deck)
    return deck.pop()!
  }
}

/** @param deal the next hit for a kind of operation */
export function planSubject(random: Random, number: number, deal: (kind: Kind) => Hit): Subject {
  const kind = random.below(4) === 0 ? kinds[1] : kinds[0]
  const hit = deal(kind)
  return {
    id: `user${number}`,
    kind,
    // What strikes at the mail needs one to strike at.
    mail:
      kind === 'reset-mail' || isAtMail(hit)
        ? 'nextcloud'
        : random.pick(['nextcloud', 'smtp', 'none'] as const),
    hit,
    sessions: random.below(3),
    // A fault at the deletion needs something to delete.
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
