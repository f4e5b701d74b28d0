import { version } from '../version.ts'
import { type Finding, worst } from './check.ts'
import { judge } from './checks/all.ts'
import { gather, type Subject } from './gather.ts'

/** Everything that was found. */
export type Report = {
  state: 'ok' | 'warning' | 'error'
  checkedAt: string
  locksmith: string
  /** null: it did not say. */
  nextcloud: string | null
  findings: Finding[]
}

/** Looks at everything once, and changes nothing. It never throws for what it finds. */
export async function examine(subject: Subject): Promise<Report> {
  const facts = await gather(subject)
  const { server } = facts
  return reportOf(judge(facts), server.kind === 'answered' ? server.value.version : null)
}

export const reportOf = (findings: Finding[], nextcloud: string | null): Report => ({
  state: worst(findings),
  checkedAt: new Date().toISOString(),
  locksmith: version,
  nextcloud,
  findings
})
