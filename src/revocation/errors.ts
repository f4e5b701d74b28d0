import { type Problem, problemOf } from '../errors.ts'
import type { DriverName, Probe } from './driver.ts'

/** What went wrong, in public sentences: no credential, no address, no output of a command. */
export type Trouble = {
  because: string
  /** The setting or command that helps. */
  mend: string
  /** Trying again later can help. */
  isPassing: boolean
}

/** A driver that does not speak Nextcloud's HTTP could not do its work. */
export class RevocationError extends Error {
  readonly driver: DriverName
  /** Trying again later can help. */
  readonly isPassing: boolean
  /** Names the setting or command that helps, where the driver knows one. */
  readonly mend: string | undefined

  /** @param detail a public sentence: no credential, no output of a command. `mend` is said after it */
  constructor(
    driver: DriverName,
    detail: string,
    { isPassing, mend, cause }: { isPassing: boolean; mend?: string; cause?: unknown }
  ) {
    super(mend ? `${detail} ${mend}` : detail, { cause })
    this.name = 'RevocationError'
    this.driver = driver
    this.isPassing = isPassing
    this.mend = mend
    this.#because = detail
  }

  readonly #because: string

  get problem(): Problem {
    return problemOf('revocation-unavailable', this.message, { driver: this.driver })
  }

  get probe(): Probe {
    return { works: false, because: this.#because, mend: this.mend ?? 'Try again later.' }
  }
}

export const troubled = (
  driver: DriverName,
  { because, ...rest }: Trouble,
  cause?: unknown
): RevocationError => new RevocationError(driver, because, { ...rest, cause })

/** What `work` met, as a probe says it. @throws whatever is no RevocationError */
export async function probing(work: () => Promise<void>): Promise<Probe> {
  try {
    await work()
    return { works: true }
  } catch (error) {
    if (error instanceof RevocationError) return error.probe
    throw error
  }
}
