import type { Test } from 'tap'
import type { Finding } from '../../src/doctor/check.ts'
import { subjectOf } from '../../src/doctor/doctor.routes.ts'
import { examine, type Report } from '../../src/doctor/doctor.ts'
import type { Subject } from '../../src/doctor/gather.ts'
import { type Options, startLocksmith } from './locksmith.ts'

/** A Locksmith on a sandbox, and a doctor that looks anew each time. */
export async function startDoctor(t: Test, options: Options = {}) {
  const served = await startLocksmith(t, { worker: false, ...options })
  const look = (change: Partial<Subject> = {}): Promise<Report> =>
    examine({ ...subjectOf(served.world), ...change })
  return { ...served, look }
}

/** The finding of that name, of several that about this one. */
export function of(report: Report, name: string, about?: string): Finding {
  const finding = report.findings.find(
    (one) => one.name === name && (about === undefined || one.about === about)
  )
  if (!finding) throw new Error(`no finding ${name} ${about ?? ''}`)
  return finding
}
