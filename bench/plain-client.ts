/**
 * What a short script would do: the bare minimum of Nextcloud calls for one reset, one after the other over
 * a connection that is kept. It believes what it is told, as far as it looks at all: HTTP status and the list.
 */
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'undici'

export type PlainClient = {
  /** Resets one user. @returns how many calls it took */
  reset(userId: string): Promise<number>
  close(): Promise<void>
}

type Ask = { auth?: [string, string]; cookie?: string; form?: Record<string, string>; userAgent?: string }

export function createPlainClient(url: string, admin: { user: string; password: string }): PlainClient {
  const dispatcher = new Agent()
  const asAdmin: Ask = { auth: [admin.user, admin.password] }
  let calls = 0

  async function ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, status: number, how: Ask) {
    calls++
    const response = await request(url + path, {
      method,
      dispatcher,
      headers: {
        'ocs-apirequest': 'true',
        accept: 'application/json',
        origin: url,
        ...(how.auth && { authorization: `Basic ${Buffer.from(how.auth.join(':')).toString('base64')}` }),
        ...(how.cookie && { cookie: how.cookie }),
        ...(how.form && { 'content-type': 'application/x-www-form-urlencoded' })
      },
      body: how.form ? new URLSearchParams(how.form).toString() : null
    })
    const body = await response.body.text()
    if (response.statusCode !== status)
      throw new Error(`plain client: ${method} ${path}: ${response.statusCode}`)
    return { body, cookies: [response.headers['set-cookie'] ?? []].flat() }
  }

  async function list(cookie: string): Promise<{ id: number; current?: boolean }[]> {
    const { body } = await ask('GET', '/index.php/settings/user/security', 200, { cookie })
    const value = /id="initial-state-settings-app_tokens" value="([^"]*)"/.exec(body)![1]!
    return JSON.parse(Buffer.from(value, 'base64').toString('utf8'))
  }

  return {
    async reset(id) {
      calls = 0
      const user = `/ocs/v2.php/cloud/users/${id}?format=json`
      await ask('GET', user, 200, asAdmin)
      const password = `aA1-${randomBytes(30).toString('base64url')}`
      await ask('PUT', user, 200, { ...asAdmin, form: { key: 'password', value: password } })
      const login = await ask('POST', '/index.php/login', 303, { form: { user: id, password } })
      const cookie = login.cookies.map((line) => line.split(';', 1)[0]).join('; ')
      const own = { cookie, auth: [id, password] } satisfies Ask
      const remove = (token: number) =>
        ask('DELETE', `/index.php/settings/personal/authtokens/${token}`, 200, own)
      for (const token of await list(cookie)) if (!token.current) await remove(token.id)
      for (const token of await list(cookie)) await remove(token.id)
      await ask('GET', user, 200, asAdmin)
      await ask('POST', '/index.php/lostpassword/email', 200, { form: { user: id } })
      return calls
    },
    close: () => dispatcher.close()
  }
}
