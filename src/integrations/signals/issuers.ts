import Type, { type Static } from 'typebox'
import { type Algorithm, issuerParts, listIssuers, usualAlgorithms } from '../../access/issuers.ts'

const Groups = Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, maxItems: 100 })

const Setting = Type.Object(
  {
    ...issuerParts,
    audience: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** Whom it may have signed out: members of these groups of Nextcloud, or all users. Never by default. */
    users: Type.Union([Type.Literal('all'), Groups]),
    owner: Type.Optional(Type.String({ minLength: 1, maxLength: 100 }))
  },
  { additionalProperties: false }
)

/**
 * Whose word is taken that a user is to be signed out: an identity provider, or whoever sends security events.
 * @property owner of the keys by which it speaks SCIM: then its `sub` is the `externalId` there, else the user's id
 */
export type SignalIssuer = Static<typeof Setting> & { algorithms: Algorithm[] }

/**
 * @param json of SIGNAL_ISSUERS
 * @param isReached whether it is known where we are reached, so whom what is signed is for: in the sandbox it always is
 * @param faults gets a sentence for each thing that is wrong
 */
export function readSignalIssuers(json: string, isReached: boolean, faults: string[]): SignalIssuer[] {
  const setting = { name: 'SIGNAL_ISSUERS', example: '[{"issuer": "https://…", "users": "all"}]' }
  const issuers = listIssuers(setting, Setting, json, faults)
  if (!isReached && issuers.some(({ audience }) => audience === undefined))
    faults.push(
      'SIGNAL_ISSUERS needs an audience for each, or PUBLIC_URL: else what was signed for others would be taken, too.'
    )
  return issuers.map((each) => ({ algorithms: usualAlgorithms, ...each }))
}
