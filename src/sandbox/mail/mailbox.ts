import { type ParsedMail, parseMail } from './mime.ts'

export interface Mail extends ParsedMail {
  /** Counts from 1. */
  number: number
  /** Milliseconds by the sandbox's clock. */
  at: number
  /** Who really got it (the envelope). */
  recipients: string[]
  /** `nextcloud`: sent by the simulated Nextcloud; `smtp`: by whoever connected to the SMTP port. */
  via: 'nextcloud' | 'smtp'
  raw: string
}

/** How the mailbox treats a recipient: `reject` 5xx, `tempfail` 4xx. `*` stands for everybody. */
export type Treatment = 'accept' | 'reject' | 'tempfail'

/** Thrown when a recipient is refused; `code` is SMTP's. */
export class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** Where all mail of the sandbox ends. */
export class Mailbox {
  #mails: Mail[] = []
  /** By recipient, in lower case. */
  #byRecipient = new Map<string, Mail[]>()
  #treatments = new Map<string, Treatment>()
  #now: () => number
  /** True: the SMTP port hangs up on everybody. */
  down = false

  constructor(now: () => number) {
    this.#now = now
  }

  /** Throws {@link Refused} where the mailbox was told not to take mail for this address. */
  check(recipient: string): void {
    const treatment = this.#treatments.get(recipient.toLowerCase()) ?? this.#treatments.get('*')
    if (treatment === 'reject') throw new Refused(550, 'No such mailbox here')
    if (treatment === 'tempfail') throw new Refused(451, 'Try again later')
  }

  treat(recipient: string, treatment: Treatment): void {
    if (treatment === 'accept') this.#treatments.delete(recipient.toLowerCase())
    else this.#treatments.set(recipient.toLowerCase(), treatment)
  }

  deliver(via: Mail['via'], recipients: string[], raw: string): Mail {
    const mail: Mail = {
      number: this.#mails.length + 1,
      at: this.#now(),
      recipients,
      via,
      raw,
      ...parseMail(raw)
    }
    this.#mails.push(mail)
    for (const recipient of new Set(recipients.map((one) => one.toLowerCase()))) {
      const theirs = this.#byRecipient.get(recipient)
      if (theirs) theirs.push(mail)
      else this.#byRecipient.set(recipient, [mail])
    }
    return mail
  }

  /** Oldest first. */
  all({ to }: { to?: string | undefined } = {}): Mail[] {
    return [...(to === undefined ? this.#mails : (this.#byRecipient.get(to.toLowerCase()) ?? []))]
  }

  get(number: number): Mail | undefined {
    return this.#mails[number - 1]
  }

  clear(): void {
    this.#mails = []
    this.#byRecipient.clear()
    this.#treatments.clear()
    this.down = false
  }
}

/** The first link of a mail: a reset link where there is one. */
export function linkOf(mail: Pick<Mail, 'text' | 'html'>): string | undefined {
  const text = `${mail.text}\n${mail.html.replaceAll('&amp;', '&')}`
  return (
    /https?:\/\/\S+\/lostpassword\/reset\/form\/[^\s"'<>]+/.exec(text)?.[0] ??
    /https?:\/\/[^\s"'<>]+/.exec(text)?.[0]
  )
}
