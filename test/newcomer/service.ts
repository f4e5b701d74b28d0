import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { Test } from 'tap'
import { caller, eventually } from '../support/locksmith.ts'
import { freePort } from '../support/port.ts'

export const project = fileURLToPath(new URL('../..', import.meta.url))

/** The code of a page of ours whose text has `word` in it: a newcomer copies it as it stands. */
export function codeOf(page: string, language: string, word: string): string {
  const text = readFileSync(join(project, page), 'utf8')
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code!
  )
  const found = blocks.filter((code) => code.includes(word))
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks of ${language} with ${word}`)
  return found[0]!
}

/** A pseudo-terminal: what stands on it, and a hand that types. */
export function terminal(t: Test, command: string, env: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: project,
    env: { PATH, HOME, TERM: 'xterm', SHELL: '/bin/bash', npm_config_update_notifier: 'false', ...env }
  })
  t.teardown(() => child.kill('SIGKILL'))
  let shown = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (shown += chunk))
  const screen = () => stripVTControlCharacters(shown)
  return {
    screen,
    type: (keys: string) => child.stdin.write(keys),
    shows: (what: RegExp, seconds = 60) => eventually(screen, (text) => what.test(text), seconds),
    ended: once(child, 'close')
  }
}

/** `npm start`, as the README has it, on a port that is free. */
export async function npmStart(t: Test) {
  const folder = mkdtempSync('/var/tmp/locksmith-newcomer-')
  chmodSync(folder, 0o711)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  // "Port 3000 is taken? `PORT=3400 npm start`."
  const port = String(await freePort())
  const service = terminal(t, 'npm start', { STATE_FOLDER: join(folder, 'state'), PORT: port })
  const banner = await service.shows(/then look at/, 120)
  const [, key] = /API key +(\S+)/.exec(banner)!
  const [, sandboxUrl] = /simulated: (http:\S+)\/sandbox/.exec(banner)!
  const url = `http://localhost:${port}`
  /** As a page of ours has it, with what the banner said. */
  const filledIn = (code: string) =>
    code
      .replaceAll('http://localhost:3000', url)
      .replaceAll('<the key from the banner>', key!)
      .replaceAll('<key>', key!)
  return {
    banner,
    key: key!,
    url,
    sandboxUrl: sandboxUrl!,
    filledIn,
    ask: caller(url),
    askSandbox: caller(sandboxUrl!),
    async stop() {
      service.type('\u0003')
      await service.ended
    }
  }
}

export type Service = Awaited<ReturnType<typeof npmStart>>

/** The mail about the campaign that came to each, with its link. */
export async function invitations({ askSandbox }: Service, people: string[]) {
  const mails = async () =>
    (await askSandbox('GET', '/sandbox/api/mails')).body as {
      recipients: string[]
      number: number
      text: string
    }[]
  const of = (all: Awaited<ReturnType<typeof mails>>, person: string) =>
    all.find(
      ({ recipients, text }) => recipients.includes(`${person}@acme.example`) && text.includes('/confirm/')
    )
  const all = await eventually(mails, (found) => people.every((person) => of(found, person)), 150)
  return people.map((person) => {
    const { number, text } = of(all, person)!
    return { person, number, link: /http:\S+\/confirm\/\S+/.exec(text)![0] }
  })
}
