/** What people and administrators do on a real Nextcloud, as plain HTTP. Shares no code with Locksmith. */
import { createHmac, randomBytes } from 'node:crypto'

export type Credential = { user: string; password: string } | { cookie: string }

export type Server = { url: string; admin: { user: string; password: string } }

const basic = (who: { user: string; password: string }) =>
  `Basic ${Buffer.from(`${who.user}:${who.password}`).toString('base64')}`
const ocsHeaders = { 'ocs-apirequest': 'true', accept: 'application/json' }

function headersOf(credential: Credential): Record<string, string> {
  return 'cookie' in credential
    ? { ...ocsHeaders, cookie: credential.cookie }
    : { ...ocsHeaders, authorization: basic(credential) }
}

export function people({ url, admin }: Server) {
  const ask = (path: string, init: RequestInit = {}) => fetch(url + path, { redirect: 'manual', ...init })

  async function asAdmin(method: string, path: string, form?: Record<string, string>) {
    const response = await ask(`/ocs/v2.php${path}${path.includes('?') ? '&' : '?'}format=json`, {
      method,
      headers: { ...headersOf(admin) },
      ...(form && { body: new URLSearchParams(form) })
    })
    const body = JSON.parse(await response.text())
    if (body.ocs.meta.statuscode !== 200)
      throw new Error(`${method} ${path}: ${JSON.stringify(body.ocs.meta)}`)
    return body.ocs.data
  }

  return {
    asAdmin,
    async createUser(fields: { email?: string } = {}) {
      const user = `locksmith-live-${randomBytes(5).toString('hex')}`
      const password = `First-${randomBytes(12).toString('base64url')}-1`
      await asAdmin('POST', '/cloud/users', {
        userid: user,
        password,
        email: fields.email ?? `${user}@example.test`
      })
      return { user, password }
    },
    removeUser: (user: string) => asAdmin('DELETE', `/cloud/users/${user}`),
    /** Login page, its token, then the form: as a browser. @returns undefined where it is refused */
    async logIn(
      who: { user: string; password: string },
      userAgent: string
    ): Promise<{ cookie: string } | undefined> {
      const jar = new Map<string, string>()
      const page = await ask('/index.php/login', { headers: { 'user-agent': userAgent } })
      keep(jar, page)
      const requesttoken = /data-requesttoken="([^"]+)"/.exec(await page.text())?.[1] ?? ''
      const answer = await ask('/index.php/login', {
        method: 'POST',
        headers: { 'user-agent': userAgent, cookie: cookieOf(jar), origin: new URL(url).origin },
        body: new URLSearchParams({ ...who, requesttoken })
      })
      keep(jar, answer)
      const refused = new URL(answer.headers.get('location') ?? '', url).pathname.endsWith('/login')
      return answer.status === 303 && !refused ? { cookie: cookieOf(jar) } : undefined
    },
    async appPassword(who: { user: string; password: string }) {
      const response = await ask('/ocs/v2.php/core/getapppassword?format=json', { headers: headersOf(who) })
      const { ocs } = JSON.parse(await response.text())
      return { user: who.user, password: String(ocs.data.apppassword) }
    },
    /** 200 where the credential works, 401 where it does not. */
    async whoAmI(credential: Credential): Promise<number> {
      return (await ask('/ocs/v2.php/cloud/user?format=json', { headers: headersOf(credential) })).status
    },
    /** Nextcloud takes a group's id decoded once more than others. */
    removeGroup: (group: string) =>
      asAdmin('DELETE', `/cloud/groups/${encodeURIComponent(encodeURIComponent(group))}`),
    /** What a device asks with its token. */
    async mustWipe(token: string): Promise<boolean> {
      const response = await ask('/index.php/core/wipe/check', {
        method: 'POST',
        body: new URLSearchParams({ token })
      })
      return (
        response.status === 200 && (JSON.parse(await response.text()) as { wipe?: boolean }).wipe === true
      )
    },
    async files(who: { user: string; password: string }, method: 'MKCOL' | 'PUT', path: string) {
      const response = await ask(`/remote.php/dav/files/${who.user}${path}`, {
        method,
        headers: headersOf(who)
      })
      if (response.status !== 201) throw new Error(`${method} ${path}: ${response.status}`)
    },
    async share(who: { user: string; password: string }, form: Record<string, string>) {
      const response = await ask('/ocs/v2.php/apps/files_sharing/api/v1/shares?format=json', {
        method: 'POST',
        headers: headersOf(who),
        body: new URLSearchParams(form)
      })
      return JSON.parse(await response.text()).ocs.data as { id: string; token: string }
    },
    /** The status of the page of a public link. */
    opens: async (token: string): Promise<number> => (await ask(`/index.php/s/${token}`)).status,
    /** Asks for the reset mail as anybody can. */
    async forgotPassword(user: string) {
      await ask('/index.php/lostpassword/email', {
        method: 'POST',
        headers: ocsHeaders,
        body: new URLSearchParams({ user })
      })
    },
    /** Opens nothing, only sets: the path of the link, on the address by which we reach the server. */
    async useLink(link: string, password: string): Promise<{ status: string; msg?: string }> {
      const path = new URL(link).pathname
        .replace('/lostpassword/reset/form/', '/lostpassword/set/')
        .replace(/^(?!\/index\.php)/, '/index.php')
      const response = await ask(path, {
        method: 'POST',
        headers: { ...ocsHeaders, 'content-type': 'application/json' },
        body: JSON.stringify({ password, proceed: false })
      })
      return JSON.parse(await response.text())
    },
    /** Sets up TOTP as the user. @returns false where the server has no such app */
    async enableTotp(session: { cookie: string }): Promise<boolean> {
      const set = async (body: object) => {
        const response = await ask('/index.php/apps/twofactor_totp/settings/enable', {
          method: 'POST',
          headers: { ...headersOf(session), 'content-type': 'application/json' },
          body: JSON.stringify(body)
        })
        return response.ok ? JSON.parse(await response.text()) : undefined
      }
      const created = await set({ state: 1 })
      if (!created?.secret) return false
      return (await set({ state: 2, code: totp(created.secret) }))?.state === 2
    }
  }
}

/** RFC 6238: 6 digits of 30 s over a base 32 secret. */
function totp(secret: string): string {
  const bits = [...secret.replace(/=+$/, '')]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const code = (hash.readUInt32BE(hash.at(-1)! & 15) & 0x7fffffff) % 1_000_000
  return String(code).padStart(6, '0')
}

function keep(jar: Map<string, string>, response: Response) {
  for (const line of response.headers.getSetCookie()) {
    const [name, value] = line.split(';', 1)[0]!.split(/=(.*)/s)
    if (value === 'deleted' || !value) jar.delete(name!)
    else jar.set(name!, value)
  }
}

const cookieOf = (jar: Map<string, string>) => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
