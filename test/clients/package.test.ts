import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { bare } from '../support/bare.ts'
import { firstKey, startLocksmith } from '../support/locksmith.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const client = join(project, 'clients/typescript')

/** The test runner loads itself into every Node that a test starts, which a compiler does not bear. */
function node(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('env', ['-u', 'NODE_OPTIONS', process.execPath, ...args], {
    cwd: client,
    encoding: 'utf8'
  })
  if (status !== 0) throw new Error(stdout + stderr)
}
const tsc = join(project, 'node_modules/.bin/tsc')

t.test('what is generated for the client is what the document says', async (t) => {
  const folder = t.testdir()
  node('generate.ts', folder)
  for (const file of ['schema.ts', 'operations.ts'])
    t.equal(readFileSync(join(client, 'src', file), 'utf8'), readFileSync(join(folder, file), 'utf8'), file)
})

t.test('the example of its page compiles against the package, and off-boards', async (t) => {
  const folder = t.testdir()
  const installed = join(folder, 'node_modules/@locksmith/client')
  mkdirSync(installed, { recursive: true })
  cpSync(join(client, 'package.json'), join(installed, 'package.json'))
  node(tsc, '-p', '.', '--outDir', join(installed, 'dist'))
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(client, 'README.md'), 'utf8')) ?? []
  writeFileSync(join(folder, 'example.ts'), example)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const config = { extends: join(project, 'tsconfig.json'), include: ['example.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  node(tsc, '-p', folder)

  const { url, sandbox } = await startLocksmith(t, { sandbox: { seed: true }, env: { BRAKE_LOCK_OUTS: '1' } })
  const run = async (userId: string) => {
    const child = spawn(process.execPath, [join(folder, 'example.ts'), userId], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...bare, LOCKSMITH_URL: `${url}/`, LOCKSMITH_API_KEY: firstKey }
    })
    return text(child.stdout)
  }
  t.match(await run('alice'), /^locked out; what is left: \{"tokens":0,/)
  t.equal(sandbox.users().find(({ id }) => id === 'alice')!.enabled, false)
  t.match(await run('bob'), /^a second person has to approve it: \/approvals\//)
  t.match(await run('nobody'), /^unknown-user /)
})
