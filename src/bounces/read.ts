import type { ConnectionOptions } from 'node:tls'
import { ImapFlow } from 'imapflow'
import { parseArrived } from './arrived.ts'
import { type Bounce, classify } from './classify.ts'
import type { Mailbox } from './mailbox.ts'

export type ReadOptions = {
  mailbox: Mailbox
  /** Further options of TLS, such as an authority of one's own. */
  tls?: ConnectionOptions
  /** Breaks it off, wherever it is. */
  signal?: AbortSignal
}

/** So much of a message is read: its report comes before what came back with it. */
const mostBytes = 256 * 1024
const atOnce = 20

/**
 * Reads what is unseen, oldest first, until nothing is. A message is marked as seen once `onBounce` has returned, or
 * it is none of ours; where it throws, everything from there on is read again the next time.
 * @returns how many messages were read, and how many of them were bounces of ours
 * @throws where the mailbox cannot be read, see {@link sayMailbox}; or what `onBounce` threw
 */
export async function readBounces(
  options: ReadOptions,
  onBounce: (bounce: Bounce) => Promise<void>
): Promise<{ read: number; bounces: number }> {
  return withFolder(options, async (client) => {
    const count = { read: 0, bounces: 0 }
    const unseen = ((await client.search({ seen: false }, { uid: true })) || []).toSorted((a, b) => a - b)
    for (let at = 0; at < unseen.length; at += atOnce) {
      const messages = await client.fetchAll(
        unseen.slice(at, at + atOnce).join(','),
        { uid: true, source: { start: 0, maxLength: mostBytes } },
        { uid: true }
      )
      for (const { uid, source } of messages) {
        const bounce = source && (await parseArrived(source).then(classify, () => undefined))
        if (bounce) await onBounce(bounce)
        options.signal?.throwIfAborted()
        await client.messageFlagsAdd([uid], ['\\Seen'], { uid: true })
        count.read++
        if (bounce) count.bounces++
      }
    }
    return count
  })
}

/** Logs in and opens the folder; reads and marks nothing. @throws where that does not work, see {@link sayMailbox} */
export const verifyMailbox = (options: ReadOptions): Promise<void> =>
  withFolder(options, async () => {}, true)

async function withFolder<T>(
  { mailbox, tls, signal }: ReadOptions,
  work: (client: ImapFlow) => Promise<T>,
  readOnly = false
): Promise<T> {
  signal?.throwIfAborted()
  const { host, port, secure, user, password, folder } = mailbox
  const client = new ImapFlow({
    ...{ host, port, secure, auth: { user, pass: password } },
    ...(!secure && { doSTARTTLS: true }),
    ...(tls && { tls }),
    // Its log would have the commands in it, and what people wrote.
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    // Whatever the server sends, it takes no more memory than this.
    maxLiteralSize: 4 * mostBytes,
    maxLineLength: 16 * 1024 * 1024,
    maxResponseSize: 32 * 1024 * 1024
  })
  // What breaks is thrown by the command that waits for it; without a listener it would end the process.
  client.on('error', () => {})
  const abort = () => client.close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await client.connect()
    await client.mailboxOpen(folder, { readOnly })
    const result = await work(client)
    await client.logout().catch(() => {})
    return result
  } finally {
    signal?.removeEventListener('abort', abort)
    client.close()
  }
}

/** What is wrong with the mailbox, in words of ours: a server's own may have the user or worse in them. */
export function sayMailbox(error: unknown): string {
  const { code, authenticationFailed, mailboxMissing, tlsFailed } = (error ?? {}) as Record<string, unknown>
  if (authenticationFailed) return 'it refuses the user or password'
  if (mailboxMissing) return 'it has no such folder'
  if (typeof code !== 'string' || !/^\w+$/.test(code)) return tlsFailed ? noTls : 'it does not answer in time'
  return tlsFailed || /CERT|TLS|SSL/.test(code) ? `${noTls} (${code})` : `it does not answer (${code})`
}

const noTls = 'it has no TLS that can be trusted'
