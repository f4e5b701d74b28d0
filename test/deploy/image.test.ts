import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { startSandbox } from '../../src/sandbox/index.ts'
import { openServer } from '../support/database.ts'
import { freePort } from '../support/port.ts'
import { composeConfig, needsCompose, project } from './compose.ts'

// The image without an engine: its folder is laid out as the Dockerfile says, and its commands are run there.

const dockerfile = readFileSync(join(project, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '')
const [build = '', image = ''] = dockerfile.split(/^FROM .*$/m).slice(1)
const instructions = (stage: string, name: string) =>
  [...stage.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, rest]) => rest!)
const words = (text: string): string[] => JSON.parse(text.slice(text.indexOf('[')))

const entrypoint = words(instructions(image, 'ENTRYPOINT')[0]!)
const command = words(instructions(image, 'CMD')[0]!)
const health = words(instructions(image, 'HEALTHCHECK')[0]!)
const settings = Object.fromEntries(
  instructions(image, 'ENV')[0]!
    .split(' ')
    .map((pair) => pair.split('=', 2))
)

/** Arguments of `env`: the test runner loads itself into every Node that a test starts, which a compiler does not bear. */
const plainly = ['-u', 'NODE_OPTIONS']

/** What is copied from the project itself: sources and target of each COPY without --from. */
const copies = (stage: string) =>
  instructions(stage, 'COPY')
    .filter((rest) => !rest.startsWith('--from'))
    .map((rest) => ({ sources: rest.split(' ').slice(0, -1), target: rest.split(' ').at(-1)! }))

function layOut(folder: string) {
  const args = [join(project, 'tools/build.mjs'), join(folder, 'dist')]
  const built = spawnSync('env', [...plainly, process.execPath, ...args], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(built.stdout + built.stderr)
  for (const { sources, target } of copies(image))
    for (const source of sources) {
      const to = target.endsWith('/') ? join(folder, target, source) : join(folder, target)
      mkdirSync(dirname(to), { recursive: true })
      cpSync(join(project, source), to, { recursive: true })
    }
}

t.test('the build is given every file that the Dockerfile copies', async (t) => {
  const allowed = new Set(
    readFileSync(join(project, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
  )
  for (const { sources } of [...copies(build), ...copies(image)])
    for (const source of sources) {
      t.ok(existsSync(join(project, source)), source)
      t.ok(allowed.has(source), `${source} is not ignored`)
    }
})

t.test('what runs in the image needs no package that only development has', async (t) => {
  const folder = t.testdir()
  layOut(folder)
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'dist/package.json'), 'utf8'))
  const files = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const code = readFileSync(join(folder, 'dist', file), 'utf8')
    for (const [, name] of code.matchAll(/^(?:(?:import|export|\}) .*from|import) '([^'.][^']*)'/gm)) {
      const owner = name!.split('/').slice(0, name!.startsWith('@') ? 2 : 1)
      t.ok(isBuiltin(name!) || Object.hasOwn(dependencies, owner.join('/')), `${file}: ${name}`)
    }
  }
  t.notOk(existsSync(join(folder, 'dist/src/sandbox')), 'the sandbox is not in it')
})

t.test('the image does not run as root', async (t) => {
  t.strictSame(instructions(image, 'USER'), ['node'])
})

t.test("the image's command, with compose's environment, resets alice", needsCompose, async (t) => {
  const { environment = {} } = composeConfig().services.locksmith!
  const publicUrl = environment.NEXTCLOUD_PUBLIC_URL!
  const sandbox = await startSandbox({
    seed: true,
    publicHost: new URL(publicUrl).host,
    admin: { user: environment.NEXTCLOUD_ADMIN_USER!, password: environment.NEXTCLOUD_ADMIN_PASSWORD! }
  })
  t.teardown(() => sandbox.close())
  const folder = t.testdir()
  layOut(folder)
  const port = String(await freePort())
  const env = {
    PATH: process.env.PATH,
    ...settings,
    ...environment,
    // Names of services are known in compose's network only.
    PORT: port,
    DATABASE_URL: await emptyDatabase(t),
    NEXTCLOUD_URL: sandbox.url,
    SMTP_URL: sandbox.smtpUrl
  }
  const node = (args: string[]) => {
    t.equal(args[0], 'node')
    return spawn('env', [...plainly, process.execPath, ...args.slice(1)], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe']
    })
  }
  const isHealthy = async () => {
    const [code] = await once(node(health), 'exit')
    return code === 0
  }
  t.notOk(await isHealthy(), 'not healthy before it runs')
  const locksmith = node([...entrypoint, ...command])
  t.teardown(() => locksmith.kill('SIGKILL'))
  let said = ''
  for (const stream of [locksmith.stdout, locksmith.stderr]) stream.on('data', (chunk) => (said += chunk))
  for (let tries = 0; !(await isHealthy()); tries++) {
    if (tries > 100 || locksmith.exitCode !== null) throw new Error(`not healthy: ${said}`)
    await sleep(100)
  }

  const url = `http://127.0.0.1:${port}`
  const response = await fetch(`${url}/users/alice/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${environment.LOCKSMITH_API_KEY}`, prefer: 'wait=20' }
  })
  t.equal(response.status, 200)
  t.match(await response.json(), { state: 'succeeded', outcome: { remaining: 0, earlierResetLink: 'dead' } })
  const mail = sandbox.mails({ to: 'alice@acme.example' }).at(-1)!
  t.ok(sandbox.linkOf(mail)?.startsWith(`${publicUrl}/`), 'the link in the mail is for people')
  const page = await fetch(`${url}/problems/unknown-user`)
  t.match(await page.text(), '# Nextcloud has no such user')

  locksmith.kill('SIGTERM')
  const [code] = await once(locksmith, 'exit')
  t.equal(code, 0, 'it ends in order')
  for (const secret of [environment.NEXTCLOUD_ADMIN_PASSWORD!, environment.LOCKSMITH_API_KEY!])
    t.notOk(said.includes(secret), 'its output holds no secret')
})

t.test('in the image nothing is simulated: it refuses to start without its settings', async (t) => {
  const folder = t.testdir()
  layOut(folder)
  const args = [...entrypoint, ...command].slice(1)
  const { status, stderr } = spawnSync('env', [...plainly, process.execPath, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...settings },
    encoding: 'utf8'
  })
  t.equal(status, 1)
  t.match(stderr, 'DATABASE_URL is missing')
  t.match(stderr, 'NEXTCLOUD_URL is missing')
})

/** Not migrated: the image does that itself when it starts. */
async function emptyDatabase(t: Test): Promise<string> {
  const server = await openServer()
  const name = `t_${randomBytes(6).toString('hex')}`
  const url = await server.database(name)
  t.teardown(async () => {
    const client = new pg.Client({ connectionString: url.replace(name, 'postgres') })
    await client.connect()
    await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await client.end()
  })
  return url
}
