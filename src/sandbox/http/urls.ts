/** Paths and queries as Nextcloud's router writes them: a few characters stay unescaped. */
const inPath: Record<string, string> = {
  '%40': '@',
  '%3A': ':',
  '%3B': ';',
  '%2C': ',',
  '%3D': '=',
  '%2B': '+',
  '%21': '!',
  '%2A': '*',
  '%7C': '|'
}
const inQuery: Record<string, string> = {
  '%2F': '/',
  '%40': '@',
  '%3A': ':',
  '%21': '!',
  '%3B': ';',
  '%2C': ',',
  '%2A': '*',
  '%3F': '?'
}

export function pathPart(text: string): string {
  return encode(text, inPath)
}

export function withQuery(path: string, parameters: Record<string, string | null | undefined>): string {
  const pairs = Object.entries(parameters)
    .filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== undefined)
    .map(([name, value]) => `${encode(name, inQuery)}=${encode(value, inQuery)}`)
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

function encode(text: string, left: Record<string, string>): string {
  const full = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`
  )
  return full.replaceAll(/%[0-9A-F]{2}/g, (code) => left[code] ?? code)
}
