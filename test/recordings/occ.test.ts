import { readFileSync } from 'node:fs'
import t from 'tap'
import { type NextcloudVersion, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'

interface OccStep {
  note: string
  argv: string[]
  exit: number
  stdout: string
  stderr: string
}

const versions: Record<string, NextcloudVersion> = { '31.0.2': 31, '33.0.3': 33, '34.0.1': 34 }
const id = 'sbx-occ'
const password = 'First-Secret-sbx-occ-1'

/** What the recorder did over HTTP and SQL, by the note of the step that it came before. */
const preparations: Record<string, (sandbox: Sandbox) => void> = {
  status: (sandbox) => void sandbox.createUser({ id, password, email: `${id}@example.com` }),
  'a user who has logged in': (sandbox) => {
    sandbox.openBrowserSession(id, { userAgent: 'Locksmith' })
    sandbox.createAppPassword(id, 'Phone')
  },
  'a wiped one': wipe,
  'delete all by time, a wiped one too': (sandbox) => {
    sandbox.createAppPassword(id, 'Phone')
    wipe(sandbox)
  },
  'a reset link': (sandbox) => {
    const user = sandbox.nextcloud.users.get(id)!
    user.pendingLink = { token: 'a'.repeat(21), createdAt: 1, address: `${id}@example.com` }
  },
  'a disabled user': (sandbox) => void sandbox.updateUser(id, { enabled: false })
}

function wipe({ nextcloud }: Sandbox): void {
  for (const token of nextcloud.tokens.of(id)) token.type = 2
}

for (const [recorded, version] of Object.entries(versions)) {
  t.test(`the simulated occ answers as that of the recorded Nextcloud ${recorded}`, async (t) => {
    const sandbox = await startSandbox({ version })
    t.teardown(() => sandbox.close())
    const made: number[] = []
    for (const [index, step] of stepsOf(recorded).entries()) {
      preparations[step.note]?.(sandbox)
      for (const token of sandbox.nextcloud.tokens.of(id)) if (!made.includes(token.id)) made.push(token.id)
      const argv = step.argv.map((word) => word.replace(/<token-(\d+)>/, (_, n) => String(made[n - 1])))
      const { exit, stdout, stderr } = sandbox.occ(argv)
      const own = { exit, stdout: named(stdout, made), stderr: named(stderr, made) }
      t.strictSame(view(own), view(step), `${index + 1}. ${step.note}`)
    }
  })
}

function stepsOf(version: string): OccStep[] {
  const text = readFileSync(new URL(`occ/${version}.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { steps: OccStep[] }).steps
}

/** The sandbox counts its tokens from 1: such numbers are only looked for where a token's id stands. */
function named(text: string, made: number[]): string {
  return made.reduce(
    (all, token, at) =>
      all
        .replaceAll(`"id":${token},`, `"id":<token-${at + 1}>,`)
        .replaceAll(`Token ${token} `, `Token <token-${at + 1}> `)
        .replaceAll(new RegExp(`^\\| ${token} +\\|`, 'gm'), `| <token-${at + 1}> |`),
    text
  )
}

/** Times, sizes and addresses of the instance differ; so do the widths of columns and the order of rows. */
function view({ exit, stdout, stderr }: Pick<OccStep, 'exit' | 'stdout' | 'stderr'>): unknown {
  return {
    exit,
    stdout: stdout.startsWith('[{') ? rows(stdout) : plain(stdout),
    // Of the commands that begin with a word the sandbox has only some.
    stderr: /Available commands for/.test(stderr) ? 'a list of commands' : stderr
  }
}

function rows(json: string): unknown[] {
  const tokens = JSON.parse(json.replaceAll(/<token-(\d+)>/g, '$1')) as {
    id: number
    lastActivity: unknown
  }[]
  return tokens
    .map((token) => ({ ...token, lastActivity: typeof token.lastActivity }))
    .sort((a, b) => a.id - b.id)
}

function plain(text: string): string {
  const lines = text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:+]+/g, '<time>')
    .replaceAll(/"(free|total)":\d+/g, '"$1":0')
    .replace(/@http:\\\/\\\/[^"]+/, '@<host>')
    .replace(/^(reset-link-ciphertext|\d+:a{21})$/m, '<link>')
    .replaceAll(/-{2,}/g, '--')
    .replaceAll(/ {2,}/g, ' ')
    .split('\n')
  return lines.some((line) => line.startsWith('+')) ? lines.toSorted().join('\n') : lines.join('\n')
}
