import type { Options } from '../../../src/operations/operation.ts'
import type { Credential, Sandbox } from '../../../src/sandbox/index.ts'
import { asking, type Card, everything, type Hit, type Play, plays, timesOf } from './faults.ts'
import type { Random } from './random.ts'

/** A user, what is asked for, and what the operation will be hit by. */
export type Subject = {
  id: string
  play: Play
  mail: 'nextcloud' | 'smtp' | 'none'
  /** What else is asked for. */
  options: Options
  hit: Hit
  /** Which of the calls that the hit strikes at; 1: the first. */
  nth: number
  sessions: number
  appPasswords: number
}

/** A user for the card, furnished at random. */
export function planSubject(random: Random, number: number, { play, hit }: Card): Subject {
  const id = `user${number}`
  const struck = hit.do === 'remote' ? hit.call : hit.do === 'none' ? '' : hit.step
  return {
    id,
    play,
    mail: mailOf(random, play, struck),
    options: plays[play].kind === 'offboard' ? optionsOf(random, struck, id) : {},
    hit,
    nth: hit.do === 'remote' ? 1 + random.below(timesOf(hit.call, play)) : 1,
    sessions: random.below(3),
    // What strikes at a deletion needs something to delete.
    appPasswords: 1 + random.below(3)
  }
}

function mailOf(random: Random, play: Play, struck: string): Subject['mail'] {
  if (play !== 'reset' && play !== 'reset-mail' && play !== 'enable') return 'none'
  // What strikes at the mail needs one to strike at.
  if (play === 'reset-mail' || struck === 'send-reset-mail' || struck === 'request reset mail')
    return 'nextcloud'
  return random.pick(['nextcloud', 'smtp', 'none', 'none'] as const)
}

/** Half of what can be asked for, and what the hit needs. */
function optionsOf(random: Random, struck: string, id: string): Options {
  const wanted = Object.entries(everything).filter(
    // Devices that are to wipe keep their tokens: nothing would be left to delete.
    ([name]) => random.below(2) === 0 && !(name === 'wipe' && struck === 'delete token')
  )
  const needed = (asking[struck] ?? []).map((name) => [name, everything[name]])
  const options: Options = Object.fromEntries([...wanted, ...needed])
  return { ...options, ...(options.manager && { manager: managerOf(id) }) }
}

export const managerOf = (id: string) => `manager-of-${id}@example.org`

/** What the person held before: all of it must be dead afterwards. */
export function furnish(sandbox: Sandbox, { id, play, sessions, appPasswords }: Subject): Credential[] {
  const { kind, before: enabled } = plays[play]
  sandbox.createUser({ id, password: oldPassword(id), email: `${id}@example.org`, groups })
  const credentials = [
    ...Array.from({ length: sessions }, () => sandbox.openBrowserSession(id)),
    ...Array.from({ length: appPasswords }, (_, n) => ({
      user: id,
      password: sandbox.createAppPassword(id, `Device ${n}`).password
    })),
    { user: id, password: oldPassword(id) }
  ]
  if (kind === 'offboard') {
    sandbox.addPasskey(id, 'Key ring')
    sandbox.addShare(id, { type: 3 })
    sandbox.addShare(id, { type: 6, shareWith: 'bob@cloud.example.net' })
    const createdAt = sandbox.clock.seconds()
    const user = sandbox.users().find((one) => one.id === id)!
    user.pendingLink = { token: `link-of-${id}`, createdAt, address: `${id}@example.org` }
  }
  sandbox.updateUser(id, { enabled })
  return credentials
}

export const groups = ['acme', 'sales']
export const oldPassword = (id: string) => `Old-Password-of-${id}`
