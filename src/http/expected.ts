import { userIdForm, userIdRule } from '../nextcloud/user-id.ts'
import { duration, lines, mailAddress, printable, storable, visible } from './forms.ts'

const rules: Record<string, string> = {
  [storable]: 'must contain neither U+0000 nor half a character',
  [printable]: 'must be one line without control characters',
  [lines]: 'must contain no control characters but line feeds',
  [visible]: 'must be one line without control characters and invisible ones',
  [mailAddress]: 'must be one mail address and nothing else, such as lea@example.org',
  [duration]: 'must be an ISO 8601 duration of at least a minute, such as P14D, P3M or PT12H',
  [userIdForm]: `must be a user id, which ${userIdRule}`
}

/** What the schema of a text says of it besides its form. */
export type Told = { description?: unknown; examples?: unknown }

/**
 * What is said of a text that lacks its form: what was expected, as the form or else the schema has it. Nothing of what
 * was sent: it may be meant to hurt whoever reads it.
 */
export function expectedForm(pattern: unknown, { description, examples }: Told): string {
  const rule = rules[String(pattern)]
  if (rule !== undefined) return rule
  const example: unknown = Array.isArray(examples) ? examples[0] : undefined
  const told = [description, example !== undefined && `for example ${example}`].filter(Boolean).join('; ')
  return `has characters or a form that is not allowed${told && ` (expected: ${told})`}`
}
