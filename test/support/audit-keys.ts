import { readAuditKeys } from '../../src/audit/keys.ts'

/** Known to everybody, and the same in every process of a test. */
export const signingKey =
  'PRIVATE+KEY+locksmith.example.org/audit+e6d91b68+AdkCbw5uBeo36iZE01nF56TuQnv54J+EZn9X/jBPisIV'
export const otherSigningKey =
  'PRIVATE+KEY+locksmith.example.org/audit+18d3b42a+AWHJkv7kJ6CrjKkKjSkJ797QB6KhtRC1N+dQBOtOEeCP'

export const testKeys = readAuditKeys(signingKey)!
export const [testMark] = testKeys.marks
