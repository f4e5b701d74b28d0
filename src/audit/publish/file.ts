import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DeliveryError } from '../forward/delivery-error.ts'
import { type Checkpoint, parseCheckpoint } from '../note.ts'
import type { CheckpointTarget } from './publish.ts'

/**
 * A file that holds the newest checkpoint, whole at any moment: it is written beside it, flushed to the disk, and
 * renamed. One of a larger tree of the same origin is never replaced: it shows that the audit has lost events since,
 * and whoever restored a backup on purpose moves it away by hand. Several replicas may write the same file.
 * @param path in a folder that is there, and in which files may be made
 */
export const fileTarget = (path: string): CheckpointTarget => ({
  name: 'file',
  async publish(note) {
    const [held, head] = [await headIn(path), parseCheckpoint(note)]
    if (held && head && held.origin === head.origin && held.size > head.size)
      throw new DeliveryError(
        `the file holds a checkpoint of ${held.size} events, and the audit has ${head.size}: it is left as it is`
      )
    try {
      await replace(path, note)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new DeliveryError(`the file cannot be written (${code ?? 'no code'})`, { cause: error })
    }
  }
})

async function headIn(path: string): Promise<Checkpoint | undefined> {
  // Not there yet, or not to be read: whether it can be written shows in a moment.
  const text = await readFile(path, 'utf8').catch(() => '')
  return parseCheckpoint(text)
}

async function replace(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    const file = await open(beside, 'wx', 0o644)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** Without it a power cut may bring the old name back. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
