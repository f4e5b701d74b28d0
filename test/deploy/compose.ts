import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const project = fileURLToPath(new URL('../..', import.meta.url))

export type Service = {
  image: string
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  ports?: { host_ip?: string; published?: string; target: number }[]
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[]
}

/** `docker compose`, or its program alone; version 1 knows too little of today's files. */
const command = [['docker', 'compose'], ['docker-compose']].find((command) => {
  const { status, stdout } = run([...command, 'version', '--short'])
  return status === 0 && !/^v?1\./.test(stdout.trim())
})

function run([program = '', ...args]: string[]) {
  const { PATH = '', HOME = '', DOCKER_CONFIG } = process.env
  // Nothing of this machine's settings finds its way into the file.
  const env = { PATH, HOME, ...(DOCKER_CONFIG && { DOCKER_CONFIG }) }
  return spawnSync(program, args, { cwd: project, encoding: 'utf8', env })
}

/** For `t.test`: skipped, by name, where there is no docker compose; never in CI. */
export const needsCompose = {
  skip: command === undefined && !process.env.CI ? 'docker compose is not on this machine' : false
}

/** What `docker compose config` says. @throws where it is not on this machine */
export function composeConfig() {
  if (!command) throw new Error('docker compose is not on this machine: see .ci/run')
  const { status, stdout, stderr } = run([
    ...command,
    '--env-file',
    '/dev/null',
    'config',
    '--format',
    'json'
  ])
  const file = status === 0 ? (JSON.parse(stdout) as { services: Record<string, Service> }) : { services: {} }
  return { status, stderr, services: file.services }
}
