import type { Brake } from '../guard/brake.ts'
import type { Input, Kind } from './operation.ts'

const lockOuts: readonly Kind[] = ['reset', 'disable', 'revoke', 'offboard', 'wipe']

/** Which brakes hold such an operation. */
export const brakesOf = (kind: Kind, { wipe }: Input): Brake[] => [
  ...(lockOuts.includes(kind) ? (['lock-out'] as const) : []),
  ...(kind === 'wipe' || wipe ? (['wipe'] as const) : []),
  ...(kind === 'delete' ? (['deletion'] as const) : [])
]
