export {
  LocksmithError,
  LocksmithProblem,
  LocksmithTimeout,
  type Operation,
  type Problem,
  type ProblemCode
} from './errors.ts'
export { createLocksmith, type ExportLine, type Locksmith, type Options } from './locksmith.ts'
export type { components, paths } from './schema.ts'
export type { Fetch } from './transport.ts'
export type { Answer, ItemOf } from './types.ts'
export { rests, type WaitOptions } from './wait.ts'
