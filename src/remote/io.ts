import type { Readable, Writable } from 'node:stream'

type Terminal = { isTTY?: boolean | undefined; columns?: number | undefined }

/** What a command has of the world around it: a process gives its own, a test another. */
export type Io = {
  stdin: Readable & Terminal
  stdout: Writable & Terminal
  stderr: Writable & Terminal
  env: Record<string, string | undefined>
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
}

/** Some terminals say that they have no columns at all. */
export const widthOf = ({ isTTY, columns }: Terminal): number => (isTTY ? columns || 80 : Infinity)

export const isColoured = ({ env }: Io, stream: Terminal): boolean =>
  stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'

/** Whether there is somebody to ask. */
export const isAttended = ({ stdin, stderr }: Io): boolean => stdin.isTTY === true && stderr.isTTY === true

/** Waits while the other end does not read: what is long is never all in memory. */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (stream.write(text)) return
  await new Promise<void>((resolve) => {
    const go = () => {
      for (const name of ['drain', 'close', 'error']) stream.off(name, go)
      resolve()
    }
    for (const name of ['drain', 'close', 'error']) stream.on(name, go)
  })
}
