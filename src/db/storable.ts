/** PostgreSQL stores neither U+0000 nor half a character, and people may put anything into their names. */
export const storable = (value: string): string => value.replaceAll('\0', '\ufffd').toWellFormed()
