import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
    const usual =
      request.url === '/jwks'
        ? { keys: [...published.values()] }
        : { issuer, jwks_uri: `${issuer}/jwks`, ...self.discovery }
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
    close
  }
  await self.publish('first')
  return self
}
