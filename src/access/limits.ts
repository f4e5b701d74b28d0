import { DomainError } from '../errors.ts'
import { isWithin } from './network.ts'
import type { Caller, Scope } from './scope.ts'

/** What a key may do, for whom, from where, and until when. */
export type Limits = {
  scopes: Scope[]
  requireIdempotencyKey: boolean
  /** null: from anywhere. */
  allowedCidrs: string[] | null
  /** null: all users. */
  allowedGroups: string[] | null
  /** null: it does not end by itself. */
  expiresAt: Date | null
}

export type Wish = Partial<Limits> & Pick<Limits, 'scopes'>

/** What is left out is limited as its maker is. @param caller undefined: the host, which has no limits */
export const limitsOf = (caller: Caller | undefined, wish: Wish): Limits => ({
  scopes: wish.scopes,
  requireIdempotencyKey: wish.requireIdempotencyKey ?? caller?.requireIdempotencyKey ?? false,
  allowedCidrs: wish.allowedCidrs ?? caller?.cidrs ?? null,
  allowedGroups: wish.allowedGroups ?? caller?.groups ?? null,
  expiresAt: wish.expiresAt ?? caller?.expiresAt ?? null
})

/**
 * Nobody hands out more than they have, `admin` included: it has every scope, within its own limits.
 * @throws DomainError beyond-own-rights, naming what is more
 */
export function refuseMore(caller: Caller, { scopes, ...limits }: Limits): void {
  const beyond = [
    ...(caller.scopes.includes('admin') ? [] : scopes.filter((scope) => !caller.scopes.includes(scope))),
    ...(isWithinGroups(caller.groups, limits.allowedGroups) ? [] : ['allowedGroups']),
    ...(!caller.cidrs || (limits.allowedCidrs && isWithin(limits.allowedCidrs, caller.cidrs))
      ? []
      : ['allowedCidrs']),
    ...(!caller.expiresAt || (limits.expiresAt && limits.expiresAt <= caller.expiresAt) ? [] : ['expiresAt']),
    ...(caller.requireIdempotencyKey && !limits.requireIdempotencyKey ? ['requireIdempotencyKey'] : [])
  ]
  if (beyond.length === 0) return
  throw new DomainError(
    'beyond-own-rights',
    `A key with this would have more than you have: ${beyond.join(', ')}. Nothing was done. Ask for no more than your own scopes and limits, or have somebody do it who has them.`,
    { extra: { beyond } }
  )
}

const isWithinGroups = (own: string[] | undefined, given: string[] | null) =>
  !own || (given?.every((group) => own.includes(group)) ?? false)
