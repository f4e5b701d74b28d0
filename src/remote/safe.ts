/** What a terminal obeys, or what turns round the order of what is read: C0, C1, and the marks of direction. */
const steering = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const escaped = (character: string) => {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A text from elsewhere, on one line of a terminal: what could steer it is shown, and does nothing. */
export const safe = (text: string): string => text.replace(steering, escaped)

/** The same for a text of several lines. */
export const safeLines = (text: string): string => text.split(/\r?\n/).map(safe).join('\n')

/** JSON of which no byte steers a terminal; it means the same. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replace(steering, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
