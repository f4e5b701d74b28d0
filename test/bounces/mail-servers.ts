import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

const programs = ['/usr/sbin/postfix', '/usr/sbin/dovecot', '/usr/lib/dovecot/imap', '/usr/lib/dovecot/lmtp']
const lacking = programs.filter((path) => !existsSync(path))
const isRoot = process.getuid?.() === 0

/** Why the tests that need them cannot run here, if so. In CI they always run: what is lacking fails them. */
export const skip =
  process.env.CI !== 'true' &&
  (lacking.length > 0
    ? `${lacking.join(', ')} not on this machine (packages postfix, dovecot-imapd, dovecot-lmtpd)`
    : !isRoot && 'Postfix can be started by root alone')

export type MailServers = {
  smtpPort: number
  imapPort: number
  imapsPort: number
  /** Of the certificate of the mailboxes' server. */
  ca: string
  /** What has arrived for one of the users. */
  mails(user: string): { isSeen: boolean; source: string }[]
  /** What Postfix and Dovecot wrote down. */
  log(): string
}

/** Mailboxes, all at `people.test`, with this password. `full` has no room for any mail. */
export const users = ['lea', 'full', 'bounces']
export const password = 'pass/word@4711'

/** Who runs what is not root's and who owns the mails: nobody's ids, wherever there is such a user. */
const nobody = 65_534

/**
 * A Postfix and a Dovecot of this test alone, on free ports of 127.0.0.1; gone after it. Postfix takes everything for
 * people.test and finds out from Dovecot whom there is; at strict.test it knows itself, and refuses at once.
 */
export async function startMailServers(t: Test): Promise<MailServers> {
  if (lacking.length > 0) throw new Error(`${lacking.join(', ')} not on this machine`)
  if (!isRoot) throw new Error('Postfix can be started by root alone')
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-mail-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const [smtpPort, imapPort, imapsPort, lmtpPort] = (await freePorts(4)) as [number, number, number, number]
  const ca = certificateIn(folder)
  writeDovecot(folder, { imapPort, imapsPort, lmtpPort })
  writePostfix(folder, { smtpPort, lmtpPort })
  const log = () =>
    ['postfix.log', 'dovecot.log']
      .map((name) => join(folder, name))
      .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
      .join('\n')
  const dovecot = ['-F', '-c', join(folder, 'dovecot.conf')]
  const postfix = ['-c', join(folder, 'postfix'), 'start-fg']
  await run(t, ['/usr/sbin/dovecot', ...dovecot], join(folder, 'run/master.pid'), [imapPort, lmtpPort], log)
  await run(t, ['/usr/sbin/postfix', ...postfix], join(folder, 'queue/pid/master.pid'), [smtpPort], log)
  return {
    ...{ smtpPort, imapPort, imapsPort, ca, log },
    mails: (user) =>
      ['new', 'cur']
        .map((name) => join(folder, 'mails', `${user}@people.test`, name))
        .flatMap((path) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []))
        .map((path) => ({ isSeen: /:2,\w*S/.test(path), source: readFileSync(path, 'latin1') }))
  }
}

/** Until it listens. What it starts ends with it: its master, which may be another process than ours, sees to that. */
async function run(
  t: Test,
  [program, ...args]: [string, ...string[]],
  pidFile: string,
  ports: number[],
  log: () => string
): Promise<void> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  })
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  t.teardown(async () => {
    if (isOver()) return
    const ended = once(child, 'exit')
    const pid = existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8').trim().split('\n')[0])
    if (pid) process.kill(pid, 'SIGTERM')
    else child.kill('SIGTERM')
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })])
    if (!isOver()) child.kill('SIGKILL')
  })
  for (const port of ports)
    for (let tries = 0; !(await isListening(port)); tries++) {
      if (isOver() || tries > 150) throw new Error(`${program} did not start: ${said}${log()}`)
      await sleep(100)
    }
}

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map((probe) => once(probe, 'listening')))
  const ports = probes.map((probe) => (probe.address() as { port: number }).port)
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))))
  return ports
}

/** @returns the certificate, which vouches for itself */
function certificateIn(folder: string): string {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2'
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
    ],
    { stdio: 'pipe' }
  )
  return readFileSync(join(folder, 'cert.pem'), 'utf8')
}

function writeDovecot(folder: string, ports: Record<'imapPort' | 'imapsPort' | 'lmtpPort', number>): void {
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

function writePostfix(folder: string, { smtpPort, lmtpPort }: Record<'smtpPort' | 'lmtpPort', number>): void {
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
