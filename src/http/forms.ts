/**
 * Forms of text that several routes take; expected.ts has each in words. PostgreSQL stores neither U+0000 nor half a
 * character.
 */

/** Anything that can be stored, also nothing. */
export const storable = '^[^\\u0000\\ud800-\\udfff]*$'

/** On one line, with nothing invisible in it. */
export const printable = '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]+$'

/** As {@link printable}, on any number of lines. */
export const lines = '^[^\\u0000-\\u0009\\u000b-\\u001f\\u007f\\ud800-\\udfff]+$'

/** Shows in lists and in the audit: no control characters, none that turn the writing round. */
export const visible = '^[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+$'

/** One address, with nothing by which a mail program would make two of it. */
export const mailAddress = '^[^\\s@<>(),;:"\\u0000-\\u001f\\u007f]+@[^\\s@<>(),;:"\\u0000-\\u001f\\u007f]+$'

/** ISO 8601 duration of at least a minute and less than a hundred years; months and years by the calendar. */
export const duration =
  '^P(?=[1-9T])(?=.*[1-9])(?!.*T$)(\\d{1,2}Y)?(\\d{1,3}M)?(\\d{1,3}W)?(\\d{1,4}D)?(T(\\d{1,4}H)?(\\d{1,5}M)?)?$'
