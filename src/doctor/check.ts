/** `unknown`: could not be asked, and why; `skipped`: not asked, because of something that is said elsewhere or not set. */
export const findingStates = ['ok', 'warning', 'error', 'unknown', 'skipped'] as const
export type FindingState = (typeof findingStates)[number]

/** What one check came to. Public sentences: no credential, no body of an answer. */
export type Finding = {
  /** Stable, for programs. */
  name: string
  /** Which one, where a check is made of several: an account, a driver. */
  about?: string
  state: FindingState
  found: string
  /** What follows from it for resets. */
  means?: string
  /** The exact command or setting. */
  mend?: string
}

/** The worst of all: what is not known is no reason to be content. */
export function worst(findings: Finding[]): 'ok' | 'warning' | 'error' {
  if (findings.some(({ state }) => state === 'error')) return 'error'
  return findings.some(({ state }) => state === 'warning' || state === 'unknown') ? 'warning' : 'ok'
}
