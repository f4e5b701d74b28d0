import { createTransport } from 'nodemailer'
import { type AccessReset, accessResetMail } from './access-reset.ts'
import { refusesRecipient } from './no-such-recipient.ts'
import { type OffboardingNotice, offboardingNoticeMail } from './offboarding-notice.ts'
import { withoutLinks } from './without-links.ts'

/** What the mail server said, and nothing more: `accepted` is not `delivered`. */
export type Sent =
  | { kind: 'accepted'; response: string }
  /** For good. `recipientUnknown`: because there is nobody at that address, and for no other reason. */
  | { kind: 'rejected'; response: string; recipientUnknown: boolean }
  /** Nothing was sent, and trying again later can help. */
  | { kind: 'not-sent'; response: string }
  /** The message was handed over and the answer lost. */
  | { kind: 'unknown'; response: string }

/** A mail to one person. */
export type Outgoing = {
  /** Apart: nodemailer encodes both, so a hostile name stays a name. */
  to: { name: string; address: string }
  /** Where it comes back to. Default: the sender. */
  envelopeFrom?: string
  subject: string
  text: string
  html: string
  language: string
  /** With its angle brackets. Default: a random one. */
  messageId?: string
  headers?: Record<string, string>
}

export type Mailer = {
  sendAccessReset(mail: AccessReset): Promise<Sent>
  sendOffboardingNotice(mail: OffboardingNotice): Promise<Sent>
  /** One of many: over a few connections that are kept, in line. */
  sendTo(mail: Outgoing): Promise<Sent>
  /** Connects, logs in, and sends nothing. @throws where that does not work */
  verify(): Promise<void>
  close(): void
}

export type MailerOptions = {
  smtpUrl: string
  from: string
  /** Where people reach Nextcloud: the only place that links lead to. */
  nextcloudUrl: URL
  /** Told what came of each mail. */
  observe?: (result: Sent['kind']) => void
}

export function createMailer({ smtpUrl, from, nextcloudUrl, observe }: MailerOptions): Mailer {
  const options = {
    url: smtpUrl,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    // Nothing of ours attaches files or fetches addresses.
    disableFileAccess: true,
    disableUrlAccess: true
  }
  // What an operation sends goes out at once, or not at all: its claim was asked about right before, and in a line
  // behind the thousand mails of a campaign that would be long ago.
  const direct = createTransport(options)
  // Only what was not begun to be handed over goes out over another connection when one breaks: no mail is sent twice.
  const pooled = createTransport({ ...options, pool: true, maxConnections: 4, idleTimeout: 20_000 })

  type Transport = Pick<typeof direct | typeof pooled, 'sendMail'>

  async function send(transport: Transport, mail: Outgoing): Promise<Sent> {
    const sent = await handOver(transport, mail)
    observe?.(sent.kind)
    return sent
  }

  async function handOver(
    transport: Transport,
    { to, envelopeFrom, language, headers, ...mail }: Outgoing
  ): Promise<Sent> {
    try {
      const { response } = await transport.sendMail({
        from,
        to,
        ...mail,
        // Not the address alone: a text is read as a list, in which a comma makes two recipients.
        ...(envelopeFrom && { envelope: { from: envelopeFrom, to: [to] } }),
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language, ...headers }
      })
      return { kind: 'accepted', response: plain(response) }
    } catch (error) {
      return classify(error)
    }
  }
  const forOperation = (operationId: string) => ({ headers: { 'X-Locksmith-Operation': operationId } })
  return {
    sendTo: (mail) => send(pooled, mail),
    sendAccessReset: (mail) =>
      send(direct, {
        to: { name: mail.displayName, address: mail.to },
        ...accessResetMail(mail, nextcloudUrl),
        ...forOperation(mail.operationId)
      }),
    sendOffboardingNotice: (mail) =>
      send(direct, {
        to: { name: '', address: mail.to },
        ...offboardingNoticeMail(mail, nextcloudUrl),
        ...forOperation(mail.operationId)
      }),
    verify: async () => {
      await direct.verify()
    },
    close() {
      direct.close()
      pooled.close()
    }
  }
}

/** Before any of these nothing was handed over: no name, no connection, no greeting, no TLS, no log-in. */
const beforeTheMail = new Set(['EDNS', 'EAUTH', 'ETLS', 'ECONNREFUSED', 'ENOTFOUND', 'EPROXY'])

function classify(error: unknown): Sent {
  const { responseCode, response, code, command, syscall, message } = error as Partial<
    Record<string, string>
  > & { responseCode?: number }
  const said = plain(response ?? code ?? 'no answer')
  if (responseCode && responseCode >= 500 && code !== 'EAUTH')
    return {
      kind: 'rejected',
      response: said,
      recipientUnknown: command === 'RCPT TO' && refusesRecipient(response ?? '')
    }
  // No answer of the server: an address that cannot be written into a command.
  if (code === 'EENVELOPE' && responseCode === undefined)
    return { kind: 'rejected', response: said, recipientUnknown: false }
  const notSent =
    responseCode !== undefined ||
    beforeTheMail.has(code ?? '') ||
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    /greeting never received|connection timeout|maximum number of retries|pool was closed/i.test(
      message ?? ''
    )
  // Anything else may have broken off after the server had taken the message.
  return { kind: notSent ? 'not-sent' : 'unknown', response: said }
}

/** A server's line, fit for a problem: one line, of printable characters, with no link of ours, not long. */
const plain = (line: string) => withoutLinks(line.replace(/[^\x20-\x7e]+/g, ' ')).slice(0, 200)
