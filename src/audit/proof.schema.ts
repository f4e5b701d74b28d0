import Type, { type Static } from 'typebox'
import { DomainError } from '../errors.ts'
import type { Head } from './proof.sql.ts'

const Size = (description: string) => Type.Integer({ minimum: 0, description })
const Hash = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description })
const Hashes = (description: string) => Type.Array(Type.String(), { description })
const TextOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const Open = (description: string) => Type.Object({}, { additionalProperties: true, description })

export const ProofView = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  index: Size('Its leaf'),
  size: Size('How many leaves the tree has'),
  hash: Hash('Of the leaf'),
  path: Hashes('From the leaf to the root'),
  checkpoint: Type.String({ description: 'Signed, of a tree of this size' }),
  entry: Open('What the leaf is the hash of'),
  salt: TextOrNull('null: what was personal in it was erased'),
  personal: Type.Union([Open('What the entry commits to'), Type.Null()])
})
export type ProofView = Static<typeof ProofView>

export const ConsistencyView = Type.Object({
  from: Size('How many leaves the earlier tree has'),
  to: Size('How many the later one'),
  path: Hashes('What shows that the later one begins with the earlier'),
  fromRoot: Hash('Of the earlier'),
  toRoot: Hash('Of the later'),
  fromCheckpoint: TextOrNull('Signed, of the earlier one, where it left the house'),
  checkpoint: TextOrNull('Signed, of the later one')
})
export type ConsistencyView = Static<typeof ConsistencyView>

/** @throws DomainError invalid-request for a tree that is not there (yet) */
export function readSize(
  name: string,
  size: number,
  { size: most, pruned }: Pick<Head, 'size' | 'pruned'>
): number {
  if (size > most)
    throw new DomainError(
      'invalid-request',
      `querystring/${name} must be at most ${most}: the log has no more events there.`
    )
  if (size > 0 && size < pruned)
    throw new DomainError(
      'invalid-request',
      `querystring/${name} must be at least ${pruned}: what was before was pruned.`
    )
  return size
}
