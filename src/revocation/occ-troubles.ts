import type { Ended } from './command.ts'
import { type RevocationError, type Trouble, troubled } from './errors.ts'

export type Exited = Extract<Ended, { kind: 'exited' }>

export const inMaintenance: Trouble = {
  because: 'Nextcloud is in maintenance mode.',
  mend: '`occ maintenance:mode --off` ends it.',
  isPassing: true
}
export const inUpgrade: Trouble = {
  because: 'Nextcloud waits for an upgrade.',
  mend: '`occ upgrade` does it.',
  isPassing: true
}
export const notInstalled: Trouble = {
  because: 'The Nextcloud that OCC_COMMAND reaches is not installed.',
  mend: 'Name the occ of the one in use.',
  isPassing: false
}

/** What occ says of itself, and what says it in its place; by the first that fits. Tried on 31.0.2, 33.0.3 and 34.0.1. */
const sayings: [RegExp, Trouble][] = [
  [/^Nextcloud is in maintenance mode/m, inMaintenance],
  [/^Nextcloud or one of the apps require upgrade/m, inUpgrade],
  [/^Nextcloud is not installed/m, notInstalled],
  [
    /Console has to be executed with the user that owns/,
    {
      because: 'occ runs as another user than the one who owns config/config.php.',
      mend: 'Add `-u www-data` to `docker exec`, or `sudo -u www-data`, in OCC_COMMAND.',
      isPassing: false
    }
  ],
  [
    /Could not open input file|Command ".*" is not defined|There are no commands defined/,
    {
      because: 'OCC_COMMAND does not lead to an occ that knows `user:auth-tokens:list`.',
      mend: 'It must end with `occ` of Nextcloud 31 or later, by its full path.',
      isPassing: false
    }
  ],
  [
    /a password is required|a terminal is required|not in the sudoers file|may not run sudo/,
    {
      because: 'sudo in OCC_COMMAND asks for a password.',
      mend: 'Allow it: `locksmith ALL=(www-data) NOPASSWD: /usr/bin/php /path/occ *` in sudoers.',
      isPassing: false
    }
  ],
  [
    /Host key verification failed|Permission denied \(|Too many authentication failures/,
    {
      because: 'ssh in OCC_COMMAND was not let in.',
      mend: 'Put its key and `known_hosts` where the user who runs Locksmith finds them.',
      isPassing: false
    }
  ],
  [
    /the input device is not a TTY/,
    {
      because: 'OCC_COMMAND wants a terminal.',
      mend: 'Leave out `-t` (`docker compose exec` needs `-T`).',
      isPassing: false
    }
  ]
]

const notStarted = (code: string): Trouble =>
  ['EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(code)
    ? {
        because: `This machine could not start another process (${code}).`,
        mend: 'It may pass.',
        isPassing: true
      }
    : {
        because: `The program of OCC_COMMAND could not be started (${code}).`,
        mend: 'Its first word must be a program on this machine, by its full path.',
        isPassing: false
      }

const notUnderstood: Trouble = {
  because: 'OCC_COMMAND ended well, but did not answer as occ does.',
  mend: 'Run it by hand with `status --output=json` after it: it must print one line of JSON.',
  isPassing: false
}

/** What a run that came to nothing means. What was printed stays in `cause`, for our log. */
export function troubleOf(ended: Ended, timeoutMs: number): RevocationError {
  switch (ended.kind) {
    case 'not-started':
      return troubled('occ', notStarted(ended.code))
    case 'timed-out':
      return troubled('occ', {
        because: `occ did not end within ${timeoutMs / 1_000} s; whether it did anything is not known.`,
        mend: 'OCC_TIMEOUT_SECONDS gives it longer.',
        isPassing: true
      })
    case 'too-much':
      return troubled('occ', { ...notUnderstood, because: 'OCC_COMMAND printed more than occ ever does.' })
    case 'killed':
      return troubled('occ', {
        because: `occ was killed (${ended.signal}).`,
        mend: 'It may lack memory.',
        isPassing: true
      })
    case 'exited': {
      const said = aside(ended)
      const saying = sayings.find(([pattern]) => pattern.test(said))
      // What a failing occ printed is an exception's text; a good answer could hold anything.
      if (saying) return troubled('occ', saying[1], new Error(said.slice(0, 500)))
      if (ended.code === 0) return troubled('occ', notUnderstood)
      return troubled('occ', failed(ended.code), new Error(said.slice(0, 500)))
    }
  }
}

const failed = (code: number): Trouble =>
  code === 126 || code === 127
    ? {
        because: `A program that OCC_COMMAND names was not found where it runs (exit code ${code}).`,
        mend: 'Name php and occ by their full paths.',
        isPassing: false
      }
    : {
        because: `occ failed (exit code ${code}).`,
        mend: 'Run OCC_COMMAND by hand with `status` after it to see why.',
        isPassing: true
      }

/** What was printed beside an answer: an answer itself may hold any text that users choose. */
export const aside = ({ stdout, stderr }: Exited) =>
  [...linesOf(stdout).filter((line) => !/^[[{]/.test(line)), ...linesOf(stderr)].join('\n')

export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Whether it failed with a line like that. */
export const failedWith = (ended: Ended, pattern: RegExp): boolean =>
  ended.kind === 'exited' && ended.code !== 0 && pattern.test(aside(ended))

/** In maintenance apps are not loaded: the users of a directory seem unknown then. */
export const saysNotAtWork = (ended: Ended): boolean =>
  ended.kind === 'exited' && /^Nextcloud (is in maintenance mode|or one of the apps)/m.test(aside(ended))
