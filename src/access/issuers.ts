import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { scopes } from './scope.ts'

/** Signatures by a key that only the provider has: never by a secret that is shared, and never none. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519'
] as const

const text = Type.String({ minLength: 1, maxLength: 200 })
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 100 })

const IssuerSetting = Type.Object(
  {
    issuer: text,
    audience: text,
    algorithms: Type.Optional(Type.Array(Type.Enum([...algorithms]), { minItems: 1 })),
    jwksUri: Type.Optional(text),
    scopesClaim: Type.Optional(text),
    /** Claim value → scopes of ours. */
    scopes: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Enum([...scopes])))),
    /** Claim value → groups of Nextcloud, or all users. */
    groups: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Literal('all'), Names])))
  },
  { additionalProperties: false }
)

/** An identity provider whose access tokens are taken. */
export type Issuer = Static<typeof IssuerSetting> & {
  algorithms: (typeof algorithms)[number][]
  /** A claim's name, or a path of names with dots between. */
  scopesClaim: string
}

const usual = {
  algorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'],
  scopesClaim: 'scope'
} satisfies Partial<Issuer>

/** @param json of OIDC_ISSUERS. @param faults gets a sentence for each thing that is wrong */
export function readIssuers(json: string, faults: string[]): Issuer[] {
  const list = parse(json)
  if (!Array.isArray(list) || list.length === 0) {
    faults.push('OIDC_ISSUERS must be a JSON list, [{"issuer": "https://…", "audience": "…"}].')
    return []
  }
  const issuers = list.flatMap((each, at): Issuer[] => {
    const where = `OIDC_ISSUERS, number ${at + 1},`
    const [wrong] = Value.Errors(IssuerSetting, each)
    if (wrong) {
      faults.push(`${where} is not right: ${wrong.instancePath.slice(1) || 'it'} ${wrong.message}.`)
      return []
    }
    const issuer = { ...usual, ...(each as Static<typeof IssuerSetting>) }
    for (const name of ['issuer', 'jwksUri'] as const) {
      const url = issuer[name]
      if (url !== undefined && !isSafeUrl(url))
        faults.push(
          `${where} ${name} must be an https URL without credentials or fragment (http: this machine only).`
        )
    }
    return [issuer]
  })
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length)
    faults.push('OIDC_ISSUERS names an issuer twice.')
  return issuers
}

/** Nobody on the way may put keys of his own in: https, or this very machine. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (!url || url.username || url.password || url.hash || text.includes('#')) return false
  const isOwn = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isOwn)
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
