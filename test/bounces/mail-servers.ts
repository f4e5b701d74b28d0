import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { certificateIn } from '../support/certificate.ts'
import { freePorts } from '../support/port.ts'
import { writeDovecot, writePostfix } from './mail-server-files.ts'

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
