import { accessSync, constants, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { environment, readConfig } from '../../src/config.ts'
import { composeConfig, needsCompose, project } from './compose.ts'

const read = (file: string) => readFileSync(join(project, file), 'utf8')

t.test('docker compose finds nothing to complain about in the file', needsCompose, async (t) => {
  const { status, stderr, services } = composeConfig()
  t.equal(stderr, '')
  t.equal(status, 0)
  t.strictSame(Object.keys(services).toSorted(), [
    'locksmith',
    'locksmith-db',
    'mailpit',
    'nextcloud',
    'nextcloud-db'
  ])
})

t.test('a service starts only when what it relies on is healthy', needsCompose, async (t) => {
  const { services } = composeConfig()
  const started: string[] = []
  const start = (name: string, path: string[] = []) => {
    t.notOk(path.includes(name), `${name} does not wait for itself`)
    for (const [other, { condition }] of Object.entries(services[name]?.depends_on ?? {})) {
      t.equal(condition, 'service_healthy', `${name} waits for ${other}`)
      t.ok(services[other]?.healthcheck, `${other} has a health check`)
      if (!started.includes(other)) start(other, [...path, name])
    }
    started.push(name)
  }
  start('locksmith')
  t.equal(started.length, Object.keys(services).length, 'nothing is left out')
  t.equal(started.at(-1), 'locksmith')
  t.ok(started.indexOf('nextcloud-db') < started.indexOf('nextcloud'))
})

t.test('with secrets known to everybody, nothing listens beyond this machine', needsCompose, async (t) => {
  for (const [name, { ports = [] }] of Object.entries(composeConfig().services))
    for (const { host_ip, target } of ports) t.equal(host_ip, '127.0.0.1', `${name}:${target}`)
})

t.test('Locksmith is given what it reads, and it fits the other services', needsCompose, async (t) => {
  const { services } = composeConfig()
  const given = services.locksmith!.environment!
  const nextcloud = services.nextcloud!.environment!
  for (const name of Object.keys(given)) t.ok(Object.hasOwn(environment.properties, name), name)
  t.doesNotThrow(() => readConfig(given))

  t.equal(new URL(given.NEXTCLOUD_URL!).hostname, 'nextcloud')
  t.equal(given.NEXTCLOUD_ADMIN_USER, nextcloud.NEXTCLOUD_ADMIN_USER)
  t.equal(given.NEXTCLOUD_ADMIN_PASSWORD, nextcloud.NEXTCLOUD_ADMIN_PASSWORD)
  const publicUrl = new URL(given.NEXTCLOUD_PUBLIC_URL!)
  t.ok(
    nextcloud.NEXTCLOUD_TRUSTED_DOMAINS!.split(' ').includes(publicUrl.host),
    'Nextcloud trusts its public host'
  )
  t.equal(services.nextcloud!.ports![0]!.published, publicUrl.port, 'people reach Nextcloud there')
  t.equal(new URL(given.SMTP_URL!).host, `${nextcloud.SMTP_HOST}:${nextcloud.SMTP_PORT}`)
  t.ok(services[nextcloud.SMTP_HOST!], 'the mail server is a service')

  const database = new URL(given.DATABASE_URL!)
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = services[database.hostname]!.environment!
  t.strictSame(
    [database.username, database.password, database.pathname],
    [POSTGRES_USER, POSTGRES_PASSWORD, `/${POSTGRES_DB}`]
  )
  const other = services[nextcloud.POSTGRES_HOST!]!.environment!
  for (const name of ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB'])
    t.equal(nextcloud[name], other[name])
})

t.test('Nextcloud runs the seed before it starts to listen', needsCompose, async (t) => {
  const { volumes = [], environment = {} } = composeConfig().services.nextcloud!
  const seed = volumes.find(({ target }) => target.startsWith('/docker-entrypoint-hooks.d/before-starting/'))!
  t.match(seed, { type: 'bind', read_only: true, target: /\.sh$/ })
  t.equal(relative(project, seed.source), 'deploy/compose/nextcloud/seed.sh')
  t.doesNotThrow(
    () => accessSync(seed.source, constants.X_OK),
    'the image skips hooks that are not executable'
  )
  for (const [, name] of read('deploy/compose/nextcloud/seed.sh').matchAll(/\$\{(SEED_\w+):\?/g))
    t.ok(environment[name!], `${name} is given`)
})

t.test('every secret and address can be set, and env.example names them all', async (t) => {
  const used = new Set([...read('docker-compose.yml').matchAll(/\$\{(\w+):-/g)].map(([, name]) => name!))
  const versions = ['LOCKSMITH_VERSION', 'NEXTCLOUD_VERSION']
  const named = [...read('deploy/compose/env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name!)
  t.strictSame(named.toSorted(), [...used].filter((name) => !versions.includes(name)).toSorted())
  t.notMatch(read('docker-compose.yml'), /\$\{\w+\}/, 'each has a default for the try-out')
})
