import { type Problem, problemOf } from '../errors.ts'
import type { DriverName } from './driver.ts'

/** A driver that does not speak Nextcloud's HTTP could not do its work. */
export class RevocationError extends Error {
  readonly driver: DriverName
  /** Trying again later can help. */
  readonly isPassing: boolean

  /** @param detail a public sentence, with what mends it: no credential, no output of a command */
  constructor(
    driver: DriverName,
    detail: string,
    { isPassing, cause }: { isPassing: boolean; cause?: unknown }
  ) {
    super(detail, { cause })
    this.name = 'RevocationError'
    this.driver = driver
    this.isPassing = isPassing
  }

  get problem(): Problem {
    return problemOf('revocation-unavailable', this.message, { driver: this.driver })
  }
}
