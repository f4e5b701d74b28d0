import { type Ended, run, wordsOf } from './command.ts'
import { type Access, directDriver, type Gate, tokenCacheMs, unknownUser } from './direct.ts'
import type { RevocationDriver } from './driver.ts'
import { probing, troubled } from './errors.ts'
import { answerOf, toTokens } from './occ-answer.ts'
import { failedWith, inMaintenance, inUpgrade, notInstalled, troubleOf } from './occ-troubles.ts'

export type OccOptions = {
  /**
   * A program and its first words, which lead to Nextcloud's occ. Our words are put after them and must get there as they
   * are: `docker exec`, `kubectl exec … --`, `sudo -u`, `runuser -u … --` and a wrapper with `"$@"` do that. ssh does not
   * (see `wordsOf`), so it must be the first word, and there must be no other ssh, no `su -c` and no `sh -c` behind it.
   * Before anything is done for a user it is tried whether words get there unharmed.
   */
  command: string[]
  /** How long one run may take. */
  timeoutMs: number
  /** See {@link tokenCacheMs}. */
  cacheMs?: number
}

/** Each takes a quarter of a second of Nextcloud's processor. */
const deletesAtOnce = 4

/** An id that no user has, of all that a shell would take for its own. Runs `true` there at worst. */
const delicate = `locksmith probe "a" 'b' $HOME; true`

/**
 * Nextcloud's own command: works for users of every backend, whatever their second factor. Tokens are deleted by id, one
 * a run, since `--last-used-before` deletes those that a device must still learn its wipe from.
 */
export function occDriver({ command, timeoutMs, cacheMs = tokenCacheMs }: OccOptions): RevocationDriver {
  const occ = (name: string, options: string[], words: string[]): Promise<Ended> =>
    run(wordsOf(command, [name, ...options, '--no-interaction', '--no-ansi', '--', ...words]), { timeoutMs })

  async function change(gate: Gate, name: string, options: string[], words: string[]): Promise<Ended> {
    await gate.confirm()
    gate.assertFresh()
    return occ(name, options, words)
  }

  let unharmed: Promise<void> | undefined
  /** Once a process: what a shell on the way would make of a user's id must not be found out with that id. */
  function assertUnharmed(): Promise<void> {
    unharmed ??= tryDelicate().catch((error) => {
      unharmed = undefined
      throw error
    })
    return unharmed
  }

  async function tryDelicate(): Promise<void> {
    const ended = await occ('user:setting', ['--output=json'], [delicate, 'core'])
    if (failedWith(ended, /^The user ".*" does not exist\.$/m) && saidIn(ended).includes(`"${delicate}"`))
      return
    const isHarmed =
      ended.kind === 'exited' && (ended.code === 0 || /^The user "|arguments/m.test(saidIn(ended)))
    if (!isHarmed) throw troubleOf(ended, timeoutMs)
    throw troubled('occ', {
      because:
        'Something in OCC_COMMAND does not hand on words as they are: user ids would be read by a shell.',
      mend: 'Make ssh its first word, leave out `sh -c` and `su -c`, and end a wrapper script with "$@".',
      isPassing: false
    })
  }

  const access: Access = {
    name: 'occ',
    listsAtMost: 1_000, // in no order
    probe: () =>
      probing(async () => {
        const ended = await occ('status', ['--output=json'], [])
        const { installed, maintenance, needsDbUpgrade } = answerOf(ended, timeoutMs, toStatus)
        if (!installed) throw troubled('occ', notInstalled)
        if (maintenance) throw troubled('occ', inMaintenance)
        if (needsDbUpgrade) throw troubled('occ', inUpgrade)
        await assertUnharmed()
      }),
    async assertUser(userId) {
      await assertUnharmed()
      const ended = await occ('user:info', ['--output=json'], [userId])
      // It finds ids in any case, and so does the list; the delete wants the right one, and says nothing otherwise.
      if (answerOf(ended, timeoutMs, toUserId) !== userId) throw unknownUser()
    },
    list: async (userId) =>
      answerOf(await occ('user:auth-tokens:list', ['--output=json'], [userId]), timeoutMs, toTokens),
    async remove(userId, tokens, gate) {
      for (let at = 0; at < tokens.length; at += deletesAtOnce) {
        const some = tokens.slice(at, at + deletesAtOnce)
        const ended = await Promise.allSettled(some.map(({ id }) => removeOne(userId, id, gate)))
        for (const end of ended) if (end.status === 'rejected') throw end.reason
      }
    },
    hasResetLink: async (userId) =>
      // Not the one setting: whether there is none would be told by an exit code alone, and an id such as `--delete`
      // would be taken for the option there, even after `--`.
      answerOf(await occ('user:setting', ['--output=json'], [userId, 'core']), timeoutMs, toHasLink),
    async killResetLink(userId, gate) {
      const ended = await change(gate, 'user:setting', ['--delete'], [userId, 'core', 'lostpassword'])
      if (ended.kind !== 'exited' || ended.code !== 0) throw troubleOf(ended, timeoutMs)
    }
  }

  async function removeOne(userId: string, id: number, gate: Gate): Promise<void> {
    const ended = await change(gate, 'user:auth-tokens:delete', [], [userId, String(id)])
    // Gone already; or to be wiped by now, which occ of 34 does not delete. What is left is told by the next list.
    if (failedWith(ended, /token does not exist|is marked for remote wipe/)) return
    if (ended.kind !== 'exited' || ended.code !== 0) throw troubleOf(ended, timeoutMs)
  }

  return directDriver(access, cacheMs)
}

const saidIn = (ended: Ended) => (ended.kind === 'exited' ? `${ended.stdout}\n${ended.stderr}` : '')

const membersOf = (value: unknown) => (value ?? {}) as Record<string, unknown>

function toUserId(value: unknown): string | undefined {
  const { user_id } = membersOf(value)
  return typeof user_id === 'string' ? user_id : undefined
}

/** All of `core`; the display name stands there whatever else does. */
function toHasLink(value: unknown): boolean | undefined {
  const { core, settings } = membersOf(value)
  if (typeof membersOf(settings).display_name !== 'string') return undefined
  return membersOf(core).lostpassword !== undefined
}

function toStatus(value: unknown) {
  const { installed, maintenance, needsDbUpgrade } = membersOf(value)
  if (typeof installed !== 'boolean') return undefined
  return { installed, maintenance: maintenance === true, needsDbUpgrade: needsDbUpgrade === true }
}
