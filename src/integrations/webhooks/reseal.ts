import type { World } from '../../world.ts'
import { contextOf } from './endpoint.ts'
import { findSealed, replaceSealed } from './sealed.sql.ts'

/** Secrets that a former key encrypted are encrypted with the first one, so that the former may go. @returns how many */
export async function resealSecrets({ pool, vault }: Pick<World, 'pool' | 'vault'>): Promise<number> {
  if (!vault) return 0
  let count = 0
  for (const { id, sealed } of await findSealed(pool)) {
    const secret = vault.isOld(sealed) ? vault.open(sealed, contextOf(id)) : undefined
    if (secret && (await replaceSealed(pool, id, sealed, vault.seal(secret, contextOf(id))))) count++
  }
  return count
}
