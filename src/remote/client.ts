/** The generated client, which this part of Locksmith knows the service by, and by nothing else. */
export {
  createLocksmith,
  type Locksmith,
  LocksmithError,
  LocksmithProblem,
  LocksmithTimeout,
  type Operation,
  type Problem,
  rests
} from '../../clients/typescript/src/index.ts'
export type { components, paths } from '../../clients/typescript/src/schema.ts'
export type { ItemOf, ListPath } from '../../clients/typescript/src/types.ts'
