/**
 * What can be a user id, refused before any call: nothing with `/` or a backslash (no route reaches it),
 * no control characters, no lone surrogates, no edge spaces, and not dots only (`..` would climb the path
 * even when escaped).
 */
export const userIdForm = '^(?! )(?!\\.+$)[^\\u0000-\\u001f\\u007f-\\u009f/\\\\\\ud800-\\udfff]{1,64}(?<! )$'

/** The same in words, after "a user id". */
export const userIdRule =
  'has 1 to 64 characters, without slashes and control characters, no space at its ends, and is not dots only'
