import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Mailboxes, all at `people.test`, with this password. `full` has no room for any mail. */
export const users = ['lea', 'full', 'bounces']
export const password = 'pass/word@4711'

/** Who runs what is not root's and who owns the mails: nobody's ids, wherever there is such a user. */
const nobody = 65_534

export function writeDovecot(
  folder: string,
  ports: Record<'imapPort' | 'imapsPort' | 'lmtpPort', number>
): void {
  mkdirSync(join(folder, 'mails'))
  chownSync(join(folder, 'mails'), nobody, nobody)
  const ofUser = (user: string) => {
    const home = `${folder}/mails/${user}@people.test`
    const quota = user === 'full' ? 'userdb_quota_rule=*:bytes=10' : ''
    return `${user}@people.test:{PLAIN}${password}:${nobody}:${nobody}::${home}::${quota}\n`
  }
  writeFileSync(join(folder, 'users'), users.map(ofUser).join(''))
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
ssl = yes
protocols = imap lmtp
auth_failure_delay = 0
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:~
mail_uid = ${nobody}
mail_gid = ${nobody}
recipient_delimiter = +
mail_plugins = quota
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=100M
}
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${ports.imapPort}
  }
  inet_listener imaps {
    port = ${ports.imapsPort}
    ssl = yes
  }
}
service anvil {
  chroot =
  # Else whoever follows a wrong password waits as well.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtpPort}
  }
}
`
  )
}

export function writePostfix(
  folder: string,
  { smtpPort, lmtpPort }: Record<'smtpPort' | 'lmtpPort', number>
): void {
  for (const name of ['postfix', 'queue', 'data']) mkdirSync(join(folder, name))
  writeFileSync(
    join(folder, 'postfix/main.cf'),
    `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/postfix.log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.people.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = people.test
virtual_transport = lmtp:inet:127.0.0.1:${lmtpPort}
virtual_alias_domains = strict.test
virtual_alias_maps = inline:{ { lea@strict.test = lea@people.test } }
smtpd_peername_lookup = no
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
disable_dns_lookups = yes
bounce_queue_lifetime = 1h
`
  )
  const services = [
    `127.0.0.1:${smtpPort} inet n - n - - smtpd`,
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'lmtp unix - - n - - lmtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'virtual unix - n n - - virtual',
    'local unix - n n - - local',
    'showq unix n - n - - showq',
    'flush unix n - n 1000? 0 flush',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'postlog unix-dgram n - n - 1 postlogd'
  ]
  writeFileSync(join(folder, 'postfix/master.cf'), `${services.join('\n')}\n`)
  const uid = Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' }))
  chownSync(join(folder, 'data'), uid, 0)
}
