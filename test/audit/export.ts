import { exportNdjson } from '../../src/audit/export.ts'
import { verifierKeyOf } from '../../src/audit/note.ts'
import type { Db } from '../../src/db/pool.ts'
import { verifyExport } from '../../tools/verify-audit.mjs'
import { testKeys } from '../support/audit-keys.ts'

/** The whole log as a file. */
export async function exportOf(db: Db): Promise<string> {
  let text = ''
  for await (const piece of exportNdjson(db, undefined)) text += piece
  return text
}

/** Of the implementation that shares nothing with ours. */
export const secondOpinion = (text: string, checkpoints: string[] = []) =>
  verifyExport(text.trimEnd().split('\n'), { checkpoints, keys: testKeys.signers.map(verifierKeyOf) })
