/** The numbers and times of events, which have to be known before these are marked. */
import type { Db } from '../db/pool.ts'
import type { Entry } from './entry.ts'
import { readPlaces } from './places.sql.ts'

export type Place = Pick<Entry, 'seq' | 'at'>

type Asking = { tx: Db; many: number; give(places: Place[]): void; refuse(error: unknown): void }

/** For so long others wait for one connection. Milliseconds. */
const patienceMs = 1_000

/** Of each pool those who ask while somebody else's question is under way. */
const lines = new WeakMap<object, Asking[]>()

/**
 * The next numbers, and the time. Numbers are nobody's transaction's, so whoever asks first asks for all who came while
 * the last question was under way: one way to the database for many. Nobody is given a number that was taken before they
 * asked: whoever was committed by then has a lower one.
 * @throws what the database throws to this very transaction
 */
export function takePlaces(tx: Db, many: number): Promise<Place[]> {
  const key = tx.kin ?? tx
  return new Promise((give, refuse) => {
    const asking = { tx, many, give, refuse }
    const line = lines.get(key)
    if (line) line.push(asking)
    else void answer(key, asking)
  })
}

async function answer(key: object, first: Asking): Promise<void> {
  const line = [first]
  lines.set(key, line)
  while (line.length > 0) {
    const group = line.splice(0)
    const [leader, ...others] = group as [Asking, ...Asking[]]
    const isAnswered = await new Promise<boolean>((say) => {
      const late = setTimeout(say, patienceMs, false)
      ask(leader.tx, group)
        .then(
          () => say(true),
          (error) => {
            leader.refuse(error)
            say(false)
          }
        )
        .finally(() => clearTimeout(late))
    })
    // It may be this transaction alone that is no more, or its connection that stands still: the others ask by one of theirs.
    if (!isAnswered) line.unshift(...others)
  }
  lines.delete(key)
}

/** Who is given numbers twice, by one that was late, takes the first. */
async function ask(tx: Db, group: Asking[]): Promise<void> {
  const places = await readPlaces(
    tx,
    group.reduce((sum, { many }) => sum + many, 0)
  )
  for (const { many, give } of group) give(places.splice(0, many))
}
