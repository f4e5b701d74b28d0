import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { parse, parseAllDocuments } from 'yaml'
import { environment, readConfig } from '../../src/config.ts'
import { openapiDocument } from '../../src/http/document.ts'
import { signingKey } from '../support/audit-keys.ts'
import { bare } from '../support/bare.ts'
import { runLocksmith } from '../support/command.ts'
import { openServer } from '../support/database.ts'
import { eventually } from '../support/locksmith.ts'
import { freePort } from '../support/port.ts'
import { project } from './compose.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests of many kinds; what is looked into is checked
type Manifest = any

const folder = 'deploy/kubernetes'
const read = (file: string) => readFileSync(join(project, file), 'utf8')
const inFolder = (path: string): Record<string, Manifest[]> =>
  Object.fromEntries(
    readdirSync(join(project, path))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => [
        file,
        parseAllDocuments(read(join(path, file)), { strict: true, uniqueKeys: true }).map((document) => {
          if (document.errors.length + document.warnings.length > 0)
            throw new Error(`${file}: ${document.errors.concat(document.warnings as never)}`)
          return document.toJS()
        })
      ])
  )

const files = inFolder(folder)
const monitoring = inFolder(`${folder}/monitoring`)
const of = (kind: string): Manifest => {
  const found = [...Object.values(files), ...Object.values(monitoring)]
    .flat()
    .filter((manifest) => manifest.kind === kind)
  if (found.length !== 1) throw new Error(`${found.length} of ${kind}`)
  return found[0]
}
const pod = of('Deployment').spec.template.spec
const [locksmith] = pod.containers
const [migrate] = pod.initContainers
const dockerfile = read('Dockerfile')

/** What a file that a setting names may hold. */
const contents: Record<string, string> = {
  DATABASE_URL: 'postgres://service:x@db/locksmith',
  MIGRATION_DATABASE_URL: 'postgres://owner:x@db/locksmith',
  NEXTCLOUD_ADMIN_PASSWORD: 'a-password',
  AUDIT_SIGNING_KEY: signingKey,
  AUDIT_CHECKPOINT_AUTHORIZATION: 'Bearer x',
  WEBHOOK_ENCRYPTION_KEY: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=',
  SMTP_URL: 'smtps://u:p@mail.example.org'
}

/** Its environment, with files that are here in place of those in the pod. */
function environmentOf(
  container: Manifest,
  here: string,
  more: Record<string, string> = {},
  held = contents
) {
  const given: Record<string, string> = { ...more }
  for (const { name, value } of container.env) {
    const setting = /^(\w+)_FILE$/.exec(name)?.[1]
    if (setting === undefined)
      throw new Error(`${name}: only files are named here, settings are in the ConfigMap`)
    given[name] = join(here, setting)
    writeFileSync(given[name], held[setting]!)
    const mount = container.volumeMounts.find(({ mountPath }: Manifest) => value.startsWith(`${mountPath}/`))
    if (!mount?.readOnly) throw new Error(`${name}: ${value} is not mounted, or not read-only`)
  }
  return given
}

t.test('kustomization.yaml has every file, and all is where it belongs', async (t) => {
  const [{ resources, images }] = files['kustomization.yaml']!
  t.same(
    resources.toSorted(),
    Object.keys(files)
      .filter((file) => file !== 'kustomization.yaml')
      .toSorted()
  )
  const [{ resources: others }] = monitoring['kustomization.yaml']!
  t.same(
    others,
    Object.keys(monitoring).filter((file) => file !== 'kustomization.yaml')
  )
  for (const { image } of [locksmith, migrate]) t.ok(images.some(({ name }: Manifest) => name === image))
  t.equal(images[0].newTag, JSON.parse(read('package.json')).version)
})

t.test('what the replicas are given is what Locksmith reads, and it starts with it', async (t) => {
  const here = t.testdir()
  const { data } = of('ConfigMap')
  for (const name of Object.keys(data)) t.ok(Object.hasOwn(environment.properties, name), name)
  const config = readConfig(environmentOf(locksmith, here, data))
  t.match(config, {
    DATABASE_URL: contents.DATABASE_URL,
    nextcloud: { admins: [{ password: 'a-password' }] }
  })
  t.equal(config.MIGRATION_DATABASE_URL, undefined, 'the role that serves is not the one that owns')
  t.match(readConfig(environmentOf(migrate, here)), {
    MIGRATION_DATABASE_URL: contents.MIGRATION_DATABASE_URL,
    DATABASE_URL: contents.DATABASE_URL
  })
  const owner = pod.volumes.find(({ name }: Manifest) => name === 'owner')
  t.notOk(
    locksmith.volumeMounts.some(({ name }: Manifest) => name === 'owner'),
    'nor does it see the password of that'
  )
  t.not(owner.secret.secretName, pod.volumes[0].secret.secretName)
})

t.test('every file of a Secret that is read is made by the commands of the guide', async (t) => {
  const guide = read('docs/PRODUCTION.md')
  for (const { env } of [locksmith, migrate])
    for (const { value } of env) {
      const [, volume, key] = /^\/run\/secrets\/([\w-]+)\/([\w-]+)$/.exec(value)!
      const [, command = ''] =
        new RegExp(`create secret generic ${volume} ((?:.*\\\\\\n)*.*)`).exec(guide) ?? []
      t.match(command, `--from-file=${key}`, value)
    }
})

t.test('nothing secret is in the manifests', async (t) => {
  const all = [...Object.keys(files).map((file) => `${folder}/${file}`)]
  for (const file of all) {
    const text = read(file)
    t.notMatch(text, /\w+:\/\/[^\s/]+:[^\s/]+@/, `${file}: no URL with a password`)
    t.notMatch(text, /PRIVATE\+KEY|lsk_|BEGIN .*KEY/, `${file}: no key`)
  }
  t.notOk(
    [...Object.values(files), ...Object.values(monitoring)].flat().some(({ kind }) => kind === 'Secret')
  )
})

t.test('probes ask what is a route and public, at the port that the image listens on', async (t) => {
  const { paths } = (await openapiDocument()) as { paths: Record<string, { get?: { security?: [] } }> }
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    const { path, port } = locksmith[probe].httpGet
    const route = paths[path.split('?')[0]]?.get
    t.same(route?.security, [], `${probe}: ${path}`)
    t.equal(port, 'http')
  }
  t.equal(
    locksmith.livenessProbe.httpGet.path,
    '/health/live',
    'an outage of others is no reason for a restart'
  )
  t.equal(locksmith.readinessProbe.httpGet.path, '/health/ready?nextcloud=optional')
  const [{ name, containerPort }] = locksmith.ports
  t.equal(name, 'http')
  t.equal(String(containerPort), /^EXPOSE (\d+)$/m.exec(dockerfile)![1])
  t.match(of('Service').spec.ports, [{ targetPort: 'http' }])
  t.match(of('NetworkPolicy').spec.ingress[0].ports, [{ port: 'http' }])
  const { path, port } = of('ServiceMonitor').spec.endpoints[0]
  t.equal(port, of('Service').spec.ports[0].name)
  t.ok(paths[path]?.get)
})

t.test('it runs as the user of the image, who may nothing and writes nothing', async (t) => {
  t.match(dockerfile, /^USER node$/m)
  // In the official images of Node that is uid 1000.
  t.match(pod.securityContext, {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    seccompProfile: { type: 'RuntimeDefault' }
  })
  for (const container of [locksmith, migrate]) {
    t.same(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] }
    })
    t.ok(container.resources.requests.memory && container.resources.limits.memory, 'memory is bounded')
    t.equal(container.command, undefined, "the image's own entry point")
  }
  t.same([locksmith.args, migrate.args], [['serve'], ['migrate']])
  for (const { secret } of pod.volumes)
    t.equal(secret.defaultMode, 0o440, `${secret.secretName} is not for everybody`)
  t.equal(of('ServiceAccount').automountServiceAccountToken, false)
  t.equal(of('Namespace').metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted')
})

t.test('one replica is always there, and each has time to end', async (t) => {
  const { replicas, strategy } = of('Deployment').spec
  t.equal(replicas, 2)
  t.equal(strategy.rollingUpdate.maxUnavailable, 0)
  t.equal(of('PodDisruptionBudget').spec.minAvailable, 1)
  const delay = Number(/delay: ([\d_]+)/.exec(read('src/cli/serve.ts'))![1]!.replace('_', '')) / 1_000
  t.ok(pod.terminationGracePeriodSeconds > delay, 'more than the shutdown takes')
})

t.test('the compose file of the guide gives Locksmith what it reads', async (t) => {
  const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/PRODUCTION.md')) ?? []
  const { services, secrets } = parse(block, { strict: true })
  const { environment: given, secrets: mounted } = services.locksmith
  const here = t.testdir()
  const env = Object.fromEntries(
    Object.entries(given as Record<string, string>).map(([name, value]) => {
      const setting = /^(\w+)_FILE$/.exec(name)?.[1]
      if (setting === undefined) return [name, value]
      t.ok(mounted.includes(value.replace('/run/secrets/', '')), `${name} is mounted`)
      writeFileSync(join(here, setting), contents[setting]!)
      return [name, join(here, setting)]
    })
  )
  t.same(Object.keys(secrets).toSorted(), mounted.toSorted())
  t.match(readConfig(env), { nextcloud: { admins: [{ user: 'locksmith' }] } })
})

t.test(
  'the init container migrates as the owner, and only then a replica starts as who serves',
  async (t) => {
    const server = await openServer()
    const name = `t_${randomBytes(6).toString('hex')}`
    const role = `service_${name}`
    const ownerUrl = await server.database(name)
    const owner = new pg.Client({ connectionString: ownerUrl.replace(name, 'postgres') })
    await owner.connect()
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'for-a-test'`)
    t.teardown(async () => {
      await owner.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await owner.query(`DROP ROLE ${role}`)
      await owner.end()
    })
    const serviceUrl = new URL(ownerUrl)
    Object.assign(serviceUrl, { username: role, password: 'for-a-test' })

    const held = { ...contents, DATABASE_URL: serviceUrl.href, MIGRATION_DATABASE_URL: ownerUrl }
    const port = await freePort()
    // Names of the cluster are known there only.
    const here = { NEXTCLOUD_URL: 'http://127.0.0.1:9', AUDIT_CHECKPOINT_URL: 'http://127.0.0.1:9/' }
    const settings = { ...of('ConfigMap').data, ...here, PORT: String(port), NODE_ENV: 'production' }
    const replica = environmentOf(locksmith, t.testdir(), settings, held)
    const early = await runLocksmith(locksmith.args, replica)
    t.equal(early.code, 1, 'not before')
    t.match(early.err, /run `locksmith migrate` with MIGRATION_DATABASE_URL/)
    const migrated = await runLocksmith(
      migrate.args,
      environmentOf(migrate, t.testdirName, { NODE_ENV: 'production' }, held)
    )
    t.match(migrated, { code: 0, out: /^applied: / })
    const program = join(project, 'src/main.ts')
    const env = { ...bare, ...replica }
    const child = spawn(process.execPath, [program, ...locksmith.args], {
      env,
      stdio: ['ignore', 'inherit', 'inherit']
    })
    t.teardown(() => child.kill('SIGKILL'))
    const { path } = locksmith.readinessProbe.httpGet
    const ready = await eventually(
      () => fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined),
      (answer) => answer?.status === 200,
      60
    )
    t.match(await ready!.json(), {
      ready: true,
      checks: { database: { ok: true }, nextcloud: { ok: false } }
    })
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    t.equal(code, 0)
  }
)

const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0
t.test('kustomize builds it', { skip: kubectl ? false : 'kubectl is not on this machine' }, async (t) => {
  for (const path of [folder, `${folder}/monitoring`]) {
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(project, path)], {
      encoding: 'utf8'
    })
    t.equal(status, 0, stderr)
    t.equal(stderr, '', 'nothing is deprecated')
    for (const document of parseAllDocuments(stdout)) t.equal(document.errors.length, 0)
  }
})
