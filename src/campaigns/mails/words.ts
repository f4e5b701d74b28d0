import { type Language, oneLine } from '../../mail/layout.ts'

const dayMs = 86_400_000

/** A day with its weekday, as people of that language write it. @param timeZone IANA */
export const dayOf = (at: Date, language: Language, timeZone = 'UTC') =>
  at.toLocaleDateString(language === 'de' ? 'de-DE' : 'en-GB', { dateStyle: 'full', timeZone })

/**
 * The day by which to answer: the last whole one before `deadline`, since no time is told and nobody is to come too
 * late on the very day. Where that is over already, the deadline's own.
 */
export function lastDayOf(
  deadline: Date,
  language: Language,
  { timeZone = 'UTC', now = new Date() }: { timeZone?: string; now?: Date } = {}
): string {
  const before = new Date(deadline.getTime() - dayMs)
  const isOver = isoDay(before, timeZone) < isoDay(now, timeZone) && deadline > now
  return dayOf(isOver ? deadline : before, language, timeZone)
}

const isoDay = (at: Date, timeZone: string) => at.toLocaleDateString('sv-SE', { timeZone })

/**
 * What a person is called, where others may read it too: one line, not long, and nothing of which mail programs make a
 * link by themselves, since people choose it. Who has chosen none is called by the id, which is not theirs to choose.
 */
export function plainName(displayName: string, userId: string): string {
  const name = short(displayName, mostLetters)
  const id = plainId(userId)
  if (name === '' || name === id || isAddress(name)) return name || id
  return name.replace(/:\/\//g, ': //').replace(/(?<=[^\s.])\.(?=\p{L}{2})/gu, '. ')
}

/** An id or an address, as it is. */
export const plainId = (value: string) => short(value, mostLetters)

const isAddress = (name: string) => /^[^\s:/@]+@[^\s:/@]+$/.test(name)
const mostLetters = 80

/** One line without marks that turn the direction of what follows, cut. */
export function short(value: string, most: number): string {
  const line = oneLine(value)
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
  const letters = [...line]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : line
}

/** The first `most`, and how many are not told. */
export function capped<T>(items: T[], most: number, total = items.length): { shown: T[]; more: number } {
  const shown = items.slice(0, most)
  return { shown, more: Math.max(0, total - shown.length) }
}
