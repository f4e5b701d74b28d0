import type { Sandbox } from '../../src/sandbox/index.ts'
import { CookieJar } from './cookie-jar.ts'
import { type Prepared, prepare } from './preparations.ts'
import type { Scenario, Step } from './recording.ts'

export interface Answer {
  status: number
  headers: Headers
  body: string
}

/** Scenarios with two users that are told apart. */
const withTwo: ReadonlySet<Scenario> = new Set(['passkeys', 'shares'])

/** Sends the recorded requests of one scenario again, with the sandbox's own ids and secrets in place of the placeholders. */
export class Replay {
  #sandbox: Sandbox
  #scenario: Scenario
  #users: string[] = []
  /** Whom the present step is about. */
  #user = ''
  #cleaned = 0
  #jars: CookieJar[] = []
  #appPassword = ''
  #requestToken = ''
  readonly #prepared: Prepared = { names: new Map() }
  /** Recorded token id → the sandbox's. */
  readonly tokenIds = new Map<string, string>()

  constructor(sandbox: Sandbox, scenario: Scenario) {
    this.#sandbox = sandbox
    this.#scenario = scenario
  }

  async send(step: Step): Promise<Answer> {
    const { request } = step
    if (step.note === 'create a user')
      this.#users.push(`rec-${this.#users.length}x${process.hrtime.bigint().toString(36)}`)
    this.#user = this.#userOf(step)
    prepare(this.#sandbox, this.#scenario, step, this.#users, this.#prepared)
    const headers: Record<string, string> = { ...request.headers }
    if (headers.Origin?.startsWith('http://127.0.0.1')) headers.Origin = this.#sandbox.url
    if (request.basicAuth) headers.Authorization = `Basic ${btoa(this.#fill(request.basicAuth, step))}`
    if (request.body !== undefined) headers['Content-Type'] = 'application/x-www-form-urlencoded'
    const app = headers['AUTHORIZATION-APP-API']
    // Its user, if any, is the one of the recording.
    if (app) headers['AUTHORIZATION-APP-API'] = btoa(atob(app).replace(/^[^:]+/, this.#user))
    const jar = request.cookies ? this.#jarFor(step) : undefined
    if (jar?.header) headers.Cookie = jar.header
    const response = await fetch(this.#sandbox.url + this.#path(step), {
      method: request.method,
      headers,
      redirect: 'manual',
      ...(request.body !== undefined && { body: this.#fill(request.body, step) })
    })
    const body = await response.text()
    jar?.take(response)
    this.#appPassword = /"apppassword":"([^"]+)"/.exec(body)?.[1] ?? this.#appPassword
    this.#requestToken = /data-requesttoken="([^"]+)"/.exec(body)?.[1] ?? this.#requestToken
    return { status: response.status, headers: response.headers, body: this.scrub(body) }
  }

  /** Puts the placeholders back. */
  scrub(text: string): string {
    const tokens = [...this.#prepared.names].filter(([, value]) => value.length > 10)
    const named = tokens.reduce((all, [name, value]) => all.replaceAll(value, name), text)
    return this.#users.reduce((all, user, at) => all.replaceAll(user, this.#nameOf(at)), named)
  }

  #nameOf(at: number): string {
    return withTwo.has(this.#scenario) && at > 0 ? '<user-2>' : '<user>'
  }

  #path(step: Step): string {
    const { request } = step
    const path = this.#fill(request.path, step)
    return path.replace(/(?<=authtokens\/)\d+$/, (id) => this.tokenIds.get(id) ?? id)
  }

  #fill(text: string, step: Step): string {
    const user = this.#user
    const named = [...this.#prepared.names].reduce((all, [name, value]) => all.replaceAll(name, value), text)
    return named
      .replaceAll('<user-2>', this.#users[1] ?? '')
      .replaceAll('<user>', user)
      .replaceAll('<first-password>', `First-Secret-${user}`)
      .replaceAll('<new-password>', step.note.startsWith('too weak') ? 'abc' : 'Fresh-Secret-Password-8842x')
      .replaceAll('<admin-password>', this.#sandbox.admin.password)
      .replaceAll(/<app-password-\d+>/g, this.#appPassword)
      .replaceAll('<requesttoken>', encodeURIComponent(this.#requestToken))
  }

  /**
   * A scenario's users are all `<user>`: it is the one created last. Only "reset-mail" makes two before it uses them:
   * there it is the first one, but for one step, and each is cleaned up.
   */
  #userOf(step: Step): string {
    const [first = '', second] = this.#users
    if (withTwo.has(this.#scenario) && step.note !== 'create a user') return this.#about(step, first, second)
    if (this.#scenario !== 'reset-mail') return this.#users.at(-1) ?? ''
    if (step.note === 'create a user') return this.#users.at(-1) ?? ''
    if (step.note === 'clean up') return (this.#cleaned++ === 0 ? first : second) ?? ''
    return (step.note.startsWith('a user without an address') ? second : first) ?? ''
  }

  /** `<first-password>` is that of whoever is named along with it. */
  #about({ request }: Step, first: string, second = ''): string {
    return request.basicAuth?.startsWith('<user-2>') ? second : first
  }

  /** Each log-in had a jar of its own; "the browser session" is the first one's. */
  #jarFor({ note, request }: Step): CookieJar {
    const begins =
      note.startsWith('login page') || (request.path.endsWith('/login') && !note.startsWith('form login'))
    if (begins) this.#jars.push(new CookieJar())
    return /^the (old )?browser session/.test(note) ? this.#jars[0]! : this.#jars.at(-1)!
  }
}
