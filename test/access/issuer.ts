import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { Test } from 'tap'

export type Pair = Awaited<ReturnType<typeof generateKeyPair>>

/** An identity provider over real HTTP, and what can go wrong with one. */
export type TestIssuer = {
  issuer: string
  /** Published from now on, beside others or in their place. */
  publish(kid: string, algorithm?: string, others?: 'keep' | 'drop'): Promise<Pair>
  /** A good token, unless told otherwise. `undefined` leaves a claim out. */
  token(claims?: Record<string, unknown>, header?: { kid?: string; alg?: string }): Promise<string>
  /** Anything, signed by its newest key unless told otherwise. */
  sign(claims: JWTPayload, header?: { kid?: string; alg?: string; typ?: string }): Promise<string>
  pair(kid: string): Pair
  /** Paths at which it has nothing. */
  lacks: string[]
  /** Requests so far, by path. */
  asked(path: string): number
  answer: { status: number; body?: string; hang?: boolean; location?: string }
  discovery: Record<string, unknown>
  /** Whom it signs in without asking; and what of that goes wrong. Default: anna, with `users:read`. */
  person: {
    access?: Record<string, unknown>
    id?: Record<string, unknown>
    token?: string
    query?: Record<string, string>
  }
  close(): Promise<void>
}

export const audience = 'locksmith'
export const seconds = () => Math.floor(Date.now() / 1_000)

export async function startIssuer(t: Test): Promise<TestIssuer> {
  const pairs = new Map<string, Pair & { algorithm: string }>()
  const published = new Map<string, JWK>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const { status, body, hang, location } = self.answer
    if (hang) return
    if (self.lacks.includes(request.url!)) return response.writeHead(404).end()
    const { pathname, searchParams } = new URL(request.url!, issuer)
    if (pathname === '/authorize') return authorize(searchParams, response)
    if (pathname === '/token') return void exchange(request, response)
    const usual =
      request.url === '/jwks'
        ? { keys: [...published.values()] }
        : {
            issuer,
            jwks_uri: `${issuer}/jwks`,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            response_types_supported: ['code'],
            authorization_response_iss_parameter_supported: true,
            ...self.discovery
          }
    response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) })
    response.end(body ?? JSON.stringify(usual))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  t.teardown(() => (server.listening ? close() : undefined))

  const codes = new Map<string, URLSearchParams>()
  function authorize(asked: URLSearchParams, response: ServerResponse) {
    const code = randomUUID()
    codes.set(code, asked)
    const back = new URL(asked.get('redirect_uri')!)
    const said = { code, state: asked.get('state')!, iss: issuer, ...self.person.query }
    for (const [name, value] of Object.entries(said)) back.searchParams.set(name, value)
    response.writeHead(302, { location: back.href }).end()
  }

  /** Each code once, and for whoever knows the verifier and the secret of the client. */
  async function exchange(request: IncomingMessage, response: ServerResponse) {
    const form = new URLSearchParams(await text(request))
    const asked = codes.get(form.get('code')!)
    codes.delete(form.get('code')!)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const [, basic = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
    // Each part is encoded as in a form before they are put together: RFC 6749, 2.3.1.
    const client = decodeURIComponent(Buffer.from(basic, 'base64').toString())
    const isClient = client === 'console:secret-of-the-console'
    const isRight =
      asked?.get('code_challenge') === challenge &&
      asked.get('redirect_uri') === form.get('redirect_uri') &&
      isClient
    response.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' })
    if (!isRight) return response.end(JSON.stringify({ error: 'invalid_grant' }))
    const { person } = self
    const id = { aud: 'console', iat: seconds(), nonce: asked.get('nonce'), scope: undefined, ...person.id }
    const answer = {
      token_type: 'Bearer',
      access_token: person.token ?? (await self.token(person.access)),
      id_token: await self.token(id)
    }
    response.end(JSON.stringify(answer))
  }

  const self: TestIssuer = {
    issuer,
    async publish(kid, algorithm = 'RS256', others = 'keep') {
      const pair = await generateKeyPair(algorithm, { extractable: true })
      if (others === 'drop') published.clear()
      pairs.set(kid, { ...pair, algorithm })
      published.set(kid, { ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' })
      return pair
    },
    async sign(claims, { kid = [...pairs.keys()].at(-1)!, alg, typ } = {}) {
      const { privateKey, algorithm } = pairs.get(kid)!
      return new SignJWT(claims)
        .setProtectedHeader({ alg: alg ?? algorithm, kid, ...(typ && { typ }) })
        .sign(privateKey)
    },
    async token(claims = {}, header = {}) {
      const all = {
        iss: issuer,
        aud: audience,
        sub: 'anna',
        exp: seconds() + 300,
        scope: 'users:read',
        ...claims
      }
      return self.sign(all, header)
    },
    pair: (kid) => pairs.get(kid)!,
    lacks: [],
    asked: (path) => asked.filter((each) => each === path).length,
    answer: { status: 200 },
    discovery: {},
    person: {},
    close
  }
  await self.publish('first')
  return self
}
