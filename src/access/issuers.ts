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
export type Algorithm = (typeof algorithms)[number]

/** What an issuer signs with unless the setting says otherwise. */
export const usualAlgorithms: Algorithm[] = ['RS256', 'ES256', 'PS256', 'EdDSA']

const text = Type.String({ minLength: 1, maxLength: 200 })
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 100 })

/** How what an issuer signs is checked. */
export const issuerParts = {
  issuer: text,
  algorithms: Type.Optional(Type.Array(Type.Enum([...algorithms]), { minItems: 1 })),
  jwksUri: Type.Optional(text)
}
const IssuerParts = Type.Object(issuerParts)

/** Signing in to the console, as a client of OpenID Connect. */
const SignInSetting = Type.Object(
  {
    clientId: text,
    /** Absent: a public client, held by PKCE alone. */
    clientSecret: Type.Optional(text),
    /** Of the authorization request. Whatever makes the issuer give an access token for `audience`. */
    scope: Type.Optional(text),
    /** On the button. */
    name: Type.Optional(text)
  },
  { additionalProperties: false }
)
export type SignIn = Static<typeof SignInSetting>

const IssuerSetting = Type.Object(
  {
    ...issuerParts,
    audience: text,
    scopesClaim: Type.Optional(text),
    /** Claim value → scopes of ours. */
    scopes: Type.Optional(Type.Record(Type.String(), Type.Array(Type.Enum([...scopes])))),
    /** Claim value → groups of Nextcloud, or all users. */
    groups: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Literal('all'), Names]))),
    signIn: Type.Optional(SignInSetting)
  },
  { additionalProperties: false }
)

/** An identity provider whose access tokens are taken. */
export type Issuer = Static<typeof IssuerSetting> & {
  algorithms: Algorithm[]
  /** A claim's name, or a path of names with dots between. */
  scopesClaim: string
}

const usual = {
  algorithms: usualAlgorithms,
  scopesClaim: 'scope'
} satisfies Partial<Issuer>

/** @param json of OIDC_ISSUERS. @param faults gets a sentence for each thing that is wrong */
export function readIssuers(json: string, faults: string[]): Issuer[] {
  const setting = { name: 'OIDC_ISSUERS', example: '[{"issuer": "https://…", "audience": "…"}]' }
  return listIssuers(setting, IssuerSetting, json, faults).map((each) => ({ ...usual, ...each }))
}

/**
 * A setting that is a JSON list of issuers.
 * @param schema of each
 * @param faults gets a sentence for each thing that is wrong; what is wrong is left out
 */
export function listIssuers<T extends typeof IssuerParts>(
  { name, example }: { name: string; example: string },
  schema: T,
  json: string,
  faults: string[]
): Static<T>[] {
  const list = parse(json)
  if (!Array.isArray(list) || list.length === 0) {
    faults.push(`${name} must be a JSON list, ${example}.`)
    return []
  }
  const issuers = list.flatMap((each, at): Static<T>[] => {
    const where = `${name}, number ${at + 1},`
    const [wrong] = Value.Errors(schema, each)
    if (wrong) {
      faults.push(`${where} is not right: ${wrong.instancePath.slice(1) || 'it'} ${wrong.message}.`)
      return []
    }
    for (const member of ['issuer', 'jwksUri'] as const) {
      const url = (each as Static<typeof IssuerParts>)[member]
      if (url !== undefined && !isSafeUrl(url))
        faults.push(
          `${where} ${member} must be an https URL without credentials or fragment (http: this machine only).`
        )
    }
    return [each as Static<T>]
  })
  const names = issuers.map((each) => (each as Static<typeof IssuerParts>).issuer)
  if (new Set(names).size < names.length) faults.push(`${name} names an issuer twice.`)
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
