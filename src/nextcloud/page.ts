/**
 * What a page of Nextcloud hands to its scripts: `<input type="hidden" id="initial-state-NAME" value="base64 JSON">`.
 * @returns undefined where the page has no such state
 */
export function initialState(html: string, name: string): unknown {
  const input = html.match(new RegExp(`<input[^>]*\\bid="initial-state-${name}"[^>]*>`))?.[0]
  const value = input?.match(/\bvalue="([^"]*)"/)?.[1]
  if (value === undefined) return undefined
  try {
    return JSON.parse(Buffer.from(value, 'base64').toString('utf8'))
  } catch {
    return undefined
  }
}
