/**
 * What a page of Nextcloud hands to its scripts: `<input type="hidden" id="initial-state-NAME" value="base64 JSON">`.
 * Found by position, since a pattern over a page that a broken proxy made could take for ever.
 * @returns undefined where the page has no such state
 */
export function initialState(html: string, name: string): unknown {
  const at = html.indexOf(`id="initial-state-${name}"`)
  if (at === -1) return undefined
  const tag = html.slice(html.lastIndexOf('<', at), html.indexOf('>', at))
  const begin = tag.indexOf('value="')
  const end = tag.indexOf('"', begin + 7)
  if (begin === -1 || end === -1) return undefined
  try {
    return JSON.parse(Buffer.from(tag.slice(begin + 7, end), 'base64').toString('utf8'))
  } catch {
    return undefined
  }
}
