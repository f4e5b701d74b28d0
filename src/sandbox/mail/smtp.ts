import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { type Mailbox, Refused } from './mailbox.ts'

export interface SmtpServer {
  port: number
  close(): Promise<void>
}

/** A real SMTP server (no TLS, no log-in needed) that puts everything into the mailbox. */
export async function startSmtp(mailbox: Mailbox, host: string, port: number): Promise<SmtpServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
    onConnect: (_session, done) => done(mailbox.down ? refusal(421, 'Service not available') : null),
    onRcptTo({ address }, _session, done) {
      try {
        mailbox.check(address)
        done()
      } catch (error) {
        done(error instanceof Refused ? refusal(error.code, error.message) : (error as Error))
      }
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        mailbox.deliver('smtp', recipients, Buffer.concat(chunks).toString('latin1'))
        done()
      })
    }
  })
  server.on('error', () => {}) // a client that hangs up is no concern of the sandbox
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve()))
  }
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code })
}
