import type { MailText } from '../campaign.ts'
import { short } from './words.ts'

export type Values = Record<'name' | 'userId' | 'site' | 'deadline', string>

const most = { subject: 150, text: 5_000 }

/** What is wrong with words of a campaign's own, in one sentence; undefined: nothing. */
export function checkMailText({ subject, text }: MailText): string | undefined {
  if (subject !== undefined) {
    if (subject.trim() === '') return 'subject is empty.'
    if (subject.length > most.subject) return `subject is longer than ${most.subject} characters.`
    if (/[\p{Cc}\u2028\u2029]/u.test(subject))
      return 'subject holds a line break or another control character.'
  }
  if (text !== undefined) {
    if (text.trim() === '') return 'text is empty.'
    if (text.length > most.text) return `text is longer than ${most.text} characters.`
    if (/[\p{Cc}\u2028\u2029]/u.test(text.replace(/\r?\n|\t/g, '')))
      return 'text holds a control character other than line break and tab.'
  }
  return undefined
}

/** In one go: what a value holds is not filled in once more. Unknown placeholders stay. */
const fill = (text: string, values: Values) =>
  text.replace(/\{(name|userId|site|deadline)\}/g, (_, name: keyof Values) => values[name])

export const subjectOf = (subject: string, values: Values) => short(fill(subject, values), 200)

/** Its paragraphs. */
export const paragraphsOf = (text: string, values: Values) =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .map((paragraph) => fill(paragraph.trim(), values))
    .filter((paragraph) => paragraph !== '')
