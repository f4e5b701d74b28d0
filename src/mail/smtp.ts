import { createTransport, type Transporter } from 'nodemailer'
import type SMTPTransport from 'nodemailer/lib/smtp-transport'
import { type AccessReset, accessResetMail } from './access-reset.ts'
import { type OffboardingNotice, offboardingNoticeMail } from './offboarding-notice.ts'

/** What the mail server said, and nothing more: `accepted` is not `delivered`. */
export type Sent =
  | { kind: 'accepted'; response: string }
  | { kind: 'rejected'; response: string }
  /** Nothing was sent, and trying again later can help. */
  | { kind: 'not-sent'; response: string }
  /** The message was handed over and the answer lost. */
  | { kind: 'unknown'; response: string }

export type Mailer = {
  sendAccessReset(mail: AccessReset): Promise<Sent>
  sendOffboardingNotice(mail: OffboardingNotice): Promise<Sent>
  /** Connects, logs in, and sends nothing. @throws where that does not work */
  verify(): Promise<void>
  close(): void
}

export type MailerOptions = {
  smtpUrl: string
  from: string
  /** Where people reach Nextcloud: the only place that links lead to. */
  nextcloudUrl: URL
}

export function createMailer({ smtpUrl, from, nextcloudUrl }: MailerOptions): Mailer {
  const transport: Transporter<SMTPTransport.SentMessageInfo> = createTransport({
    url: smtpUrl,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    // Nothing of ours attaches files or fetches addresses.
    disableFileAccess: true,
    disableUrlAccess: true
  })
  async function send(
    // Name and address apart: nodemailer encodes both, so a hostile name stays a name.
    to: { name: string; address: string },
    operationId: string,
    { language, ...mail }: { subject: string; text: string; html: string; language: string }
  ): Promise<Sent> {
    try {
      const headers = {
        'Auto-Submitted': 'auto-generated',
        'Content-Language': language,
        'X-Locksmith-Operation': operationId
      }
      const { response } = await transport.sendMail({ from, to, ...mail, headers })
      return { kind: 'accepted', response: plain(response) }
    } catch (error) {
      return classify(error)
    }
  }
  return {
    sendAccessReset: (mail) =>
      send(
        { name: mail.displayName, address: mail.to },
        mail.operationId,
        accessResetMail(mail, nextcloudUrl)
      ),
    sendOffboardingNotice: (mail) =>
      send({ name: '', address: mail.to }, mail.operationId, offboardingNoticeMail(mail, nextcloudUrl)),
    verify: async () => {
      await transport.verify()
    },
    close: () => transport.close()
  }
}

/** Before any of these nothing was handed over: no name, no connection, no greeting, no TLS, no log-in. */
const beforeTheMail = new Set(['EDNS', 'EAUTH', 'ETLS', 'ECONNREFUSED', 'ENOTFOUND', 'EPROXY'])

function classify(error: unknown): Sent {
  const { responseCode, response, code, syscall, message } = error as Partial<Record<string, string>> & {
    responseCode?: number
  }
  const said = plain(response ?? code ?? 'no answer')
  if (responseCode && responseCode >= 500 && code !== 'EAUTH') return { kind: 'rejected', response: said }
  const notSent =
    responseCode !== undefined ||
    beforeTheMail.has(code ?? '') ||
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    /greeting never received|connection timeout/i.test(message ?? '')
  // Anything else may have broken off after the server had taken the message.
  return { kind: notSent ? 'not-sent' : 'unknown', response: said }
}

/** A server's line, fit for a problem: one line, of printable characters, not long. */
const plain = (line: string) => line.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200)
