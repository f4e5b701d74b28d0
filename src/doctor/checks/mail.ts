import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'

/** Whether "Forgot password?" leads anywhere. */
export function checkPasswordReset({ passwordReset, config }: Facts): Finding {
  const name = 'password-reset'
  const without = unanswered(name, passwordReset)
  if (without || passwordReset.kind !== 'answered') return without!
  const { value } = passwordReset
  if (value.on)
    return { name, state: 'ok', found: 'Nextcloud offers "Forgot password?" and mails the link itself.' }
  return {
    name,
    state: config.MAIL_VIA === 'nextcloud' ? 'error' : 'warning',
    found: value.elsewhere
      ? `"Forgot password?" sends people to ${value.elsewhere}; Nextcloud mails no link.`
      : '"Forgot password?" is switched off: Nextcloud mails no link.',
    means:
      'A reset that is to mail by Nextcloud is refused before anything is changed (password-reset-off). Users cannot choose a new password there.',
    mend: 'occ config:system:delete lost_password_link'
  }
}

/** Whether Nextcloud can send mail, as far as it knows itself. */
export function checkNextcloudMail({ setupChecks, config }: Facts): Finding {
  const name = 'nextcloud-mail'
  const without = unanswered(name, setupChecks)
  if (without) return without
  const mail = setupChecks.kind === 'answered' ? setupChecks.value.mail : undefined
  if (mail === undefined)
    return { name, state: 'unknown', found: 'Nextcloud does not have its check "Email test".' }
  if (mail === 'ready')
    return {
      name,
      state: 'ok',
      found:
        'Nextcloud says that its mail is set up: its test mail went out, or it was set by hand and never tested.',
      means: 'Whether a certain mail was sent it never says: a reset reports `requested`.'
    }
  if (mail === 'off')
    return {
      name,
      state: config.MAIL_VIA === 'nextcloud' ? 'error' : 'warning',
      found: 'Nextcloud sends no mail at all: mail_smtpmode is "null".',
      means: 'It answers "success" to each request for a reset mail all the same, and the user gets none.',
      mend: 'occ config:system:set mail_smtpmode --value=smtp, then set the server under Administration settings → Basic settings → Email server; or MAIL_VIA=smtp'
    }
  return {
    name,
    state: 'warning',
    found: 'The mail server of Nextcloud is not set, or its last test failed.',
    means: 'It answers "success" to each request for a reset mail all the same, and the user may get none.',
    mend: 'Administration settings → Basic settings → Email server → "Send email" tests it, as an admin with a mail address; or MAIL_VIA=smtp with a SMTP_URL'
  }
}

/** The mail server for mail of our own. */
export function checkSmtp({ smtp, config, simulated }: Facts): Finding {
  const name = 'smtp'
  if (smtp.kind === 'answered')
    return {
      name,
      state: 'ok',
      found: `The mail server ${simulated ? 'of the sandbox' : 'of SMTP_URL'} can be reached and lets us in. Nothing was sent.`
    }
  if (smtp.kind === 'skipped')
    return { name, state: 'skipped', found: smtp.because, mend: 'SMTP_URL and MAIL_FROM, for mail: "smtp"' }
  return {
    name,
    state: config.MAIL_VIA === 'smtp' ? 'error' : 'warning',
    found: `The mail server of SMTP_URL does not take us (${smtp.because}).`,
    means: "Mail of Locksmith's own waits, and operations end as needs-attention when patience is over.",
    mend: /EAUTH|535/.test(smtp.because)
      ? 'Set SMTP_URL with the right user and password: smtp://user:password@host:587'
      : 'Set SMTP_URL to a mail server that can be reached from here: smtp://user:password@host:587, or smtps://…:465'
  }
}

/** The mailbox in which mails of campaigns come back. */
export function checkBounceMailbox({ bounces, config }: Facts): Finding {
  const name = 'bounce-mailbox'
  if (bounces.kind === 'answered')
    return {
      name,
      state: 'ok',
      found: `The mailbox of ${config.BOUNCE_ADDRESS} can be reached and lets us in. Nothing was read.`
    }
  if (bounces.kind === 'skipped')
    return {
      name,
      state: 'skipped',
      found: bounces.because,
      mend: 'BOUNCE_ADDRESS and BOUNCE_IMAP_URL, for campaigns'
    }
  return {
    name,
    state: 'warning',
    found: `The mailbox of BOUNCE_IMAP_URL cannot be read: ${bounces.because}.`,
    means:
      'Whose mail of a campaign comes back counts as asked, and as silent when the time is over. What has arrived is read once it works again.',
    mend: /user or password/.test(bounces.because)
      ? 'Set BOUNCE_IMAP_URL with the right user and password, percent-encoded: imaps://user:password@host:993/INBOX'
      : 'Set BOUNCE_IMAP_URL to a mailbox that can be reached from here: imaps://user:password@host:993/INBOX, or imap:// with STARTTLS'
  }
}

/** Where mails of campaigns lead. */
export function checkConfirmPage({ confirmPage, config }: Facts): Finding {
  const name = 'confirm-page'
  const without = unanswered(name, confirmPage)
  if (without?.state === 'skipped') return { ...without, mend: 'PUBLIC_URL, for campaigns' }
  const url = `${config.publicOrigin}/confirm/`
  if (confirmPage.kind === 'answered' && confirmPage.value)
    return { name, state: 'ok', found: `People find the pages of campaigns at ${url}` }
  return {
    name,
    state: 'warning',
    found: `This Locksmith is not found at ${url} from here.`,
    means:
      'Campaigns mail nobody, and lock nobody out, while people could not answer. Where no Locksmith runs yet, this is as it should be.',
    mend: 'Set PUBLIC_URL to where people reach Locksmith, and have it reachable from this host as well'
  }
}
