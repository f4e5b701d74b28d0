import type { Test } from 'tap'
import type { Served } from '../support/locksmith.ts'

export type Answer = { status: number; headers: Headers; text: string }

/** A browser without script: it keeps cookies, and sends the forms that it was given. */
export type Visitor = {
  cookies: Map<string, string>
  open(path: string, headers?: Record<string, string>): Promise<Answer>
  /** As a form of a page that was opened sends it, with the token of that page. */
  send(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  signIn(key: string): Promise<Answer>
}

/** @param url of a Locksmith */
export function visitor(url: string): Visitor {
  const cookies = new Map<string, string>()
  let form: string | undefined
  async function ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url + path, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie && { cookie }), ...init.headers }
    })
    for (const each of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      if (/Max-Age=0/.test(each)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await response.text()
    form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? form
    return { status: response.status, headers: response.headers, text }
  }
  const self: Visitor = {
    cookies,
    open: (path, headers = {}) => ask(path, { headers }),
    send: (path, fields, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: new URLSearchParams({ ...(form !== undefined && { form }), ...fields }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url, ...headers }
      }),
    async signIn(key) {
      const answer = await self.send('/console/sign-in', { key })
      if (answer.status === 303) await self.open('/console')
      return answer
    }
  }
  return self
}

/** Somebody who is signed in by this key. */
export async function signedIn(t: Test, { url }: Pick<Served, 'url'>, key: string): Promise<Visitor> {
  const visit = visitor(url)
  t.equal((await visit.signIn(key)).status, 303)
  return visit
}

/** The values of the form that has this button, as a browser would send them. */
export function fieldsOf({ text }: Answer, button: string | RegExp): Record<string, string> {
  const forms = [...text.matchAll(/<form[^>]*>(.*?)<\/form>/gs)].map(([, inner]) => inner!)
  const found = forms.find((inner) => inner.replace(/<[^>]+>/g, '').match(button))
  if (found === undefined) throw new Error(`no form with the button ${button}`)
  return Object.fromEntries(
    [...found.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!
    ])
  )
}
