/** Whom a subject identifier (RFC 9493) means. */
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { Caller } from '../../access/scope.ts'
import { DomainError } from '../../errors.ts'
import { storable } from '../../http/forms.ts'
import { NextcloudError } from '../../nextcloud/errors.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { nobody, peopleOf, TooManyFound } from '../../users/people.ts'
import type { World } from '../../world.ts'
import { findByExternalId } from '../scim/scim.sql.ts'
import { unseen } from '../scim/user.ts'

const loose = { additionalProperties: true } as const
const text = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 400, pattern: storable, description, examples: [example] })

const Email = Type.Object(
  {
    format: Type.Literal('email'),
    email: text('The mail address that one user alone has in Nextcloud', 'alice@example.org')
  },
  { ...loose, description: 'By mail address' }
)
const IssuerAndSubject = Type.Object(
  {
    format: Type.Literal('iss_sub'),
    iss: text('The issuer itself, or `PUBLIC_URL`', 'https://example.okta.com'),
    sub: text(
      "As the issuer calls the user: the SCIM `externalId` where it speaks SCIM, else the user's id in Nextcloud; of `PUBLIC_URL` always the id",
      '00u1a2b3c4D5e6F7g8h9'
    )
  },
  { ...loose, description: 'By issuer and subject' }
)
const Opaque = Type.Object(
  { format: Type.Literal('opaque'), id: text("The user's id in Nextcloud", 'alice') },
  { ...loose, description: "By the user's id in Nextcloud" }
)

export const SubjectId = Type.Union([Email, IssuerAndSubject, Opaque], {
  description:
    'a user (RFC 9493), by `format` and `email`, `iss_sub` and `iss` and `sub`, or `opaque` and `id`'
})
export type SubjectId = Static<typeof SubjectId>

/** @returns undefined for what is of no format that is known here */
export function readSubject(subject: unknown): SubjectId | undefined {
  return Value.Check(SubjectId, subject) ? subject : undefined
}

/** @property issuer that the caller is or speaks for; none: of a key */
export type Naming = { caller: Caller; issuer?: string; speaksScim: boolean }

/**
 * @returns the user; where Nextcloud is away, one who is known to be there all the same, with nothing but the id
 * @throws DomainError unknown-user, ambiguous-user; NextcloudError
 */
export async function findSubject(
  { nextcloud, pool, confirmOrigin }: World,
  subject: SubjectId,
  { caller, issuer, speaksScim }: Naming
): Promise<NextcloudUser> {
  const people = peopleOf(nextcloud, caller)
  const byId = async (id: string) => {
    const user = await people.find(id)
    if (!user) throw nobody(id)
    return user
  }
  switch (subject.format) {
    case 'opaque':
      return byId(subject.id)
    case 'email': {
      const [one, another] = await people.findByAddress(subject.email).catch((error) => {
        throw error instanceof TooManyFound ? ambiguous(subject.email) : error
      })
      if (another) throw ambiguous(subject.email)
      if (!one)
        throw new DomainError(
          'unknown-user',
          `No user of Nextcloud has the mail address "${subject.email}". Nothing was done.`
        )
      return one
    }
    case 'iss_sub': {
      const { iss, sub } = subject
      if (iss === confirmOrigin) return byId(sub)
      if (issuer !== undefined && iss !== issuer)
        throw new DomainError(
          'unknown-user',
          `"${iss}" is neither the issuer that asks nor Locksmith, so nobody is known by its "sub". Nothing was done.`
        )
      return speaksScim ? byExternalId(sub) : byId(sub)
    }
  }

  async function byExternalId(externalId: string): Promise<NextcloudUser> {
    const known = await findByExternalId(pool, caller.owner, externalId)
    if (!known || known.isStale) throw nobody(externalId)
    try {
      return await byId(known.userId)
    } catch (error) {
      // Whether the user is one of the caller's groups only Nextcloud can tell.
      if (error instanceof NextcloudError && !caller.groups) return unseen(known)
      throw error
    }
  }
}

const ambiguous = (address: string) =>
  new DomainError(
    'ambiguous-user',
    `Several users of Nextcloud have the mail address "${address}". Nothing was done: name the user by the id.`
  )
