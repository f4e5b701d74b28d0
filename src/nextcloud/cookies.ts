import type { Answer } from './transport.ts'

/** By name, as a browser keeps them. */
export type Cookies = Map<string, string>

/** Takes the cookies of an answer as a browser would; PHP deletes one by the value `deleted`. */
export function keep(cookies: Cookies, { setCookies }: Pick<Answer, 'setCookies'>): void {
  for (const line of setCookies) {
    const pair = line.split(';', 1)[0]!
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    if (value === '' || value === 'deleted') cookies.delete(name)
    else cookies.set(name, value)
  }
}

export const cookieHeader = (cookies: Cookies): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
