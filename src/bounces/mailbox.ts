/** Where bounces arrive. */
export type Mailbox = {
  host: string
  port: number
  /** TLS from the first byte; else STARTTLS, which is insisted on: the password is not sent in the clear. */
  secure: boolean
  user: string
  password: string
  folder: string
}

/**
 * `imaps://user:password@host:993/INBOX`, or `imap://` with STARTTLS. User, password and folder are percent-encoded.
 * @returns undefined for anything else
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const url = URL.parse(text)
  if (!url || !/^imaps?:$/.test(url.protocol) || !url.hostname || url.search || url.hash) return undefined
  const secure = url.protocol === 'imaps:'
  try {
    const [user, password, folder] = [url.username, url.password, url.pathname.slice(1)].map(
      decodeURIComponent
    )
    if (!user || !password) return undefined
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port) || (secure ? 993 : 143),
      secure,
      user,
      password,
      folder: folder || 'INBOX'
    }
  } catch {
    return undefined
  }
}
