import { parseArgs } from 'node:util'
import { seededAppPassword } from './control/seed.ts'
import { startSandbox } from './index.ts'
import type { NextcloudVersion } from './model/quirks.ts'

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8080' },
    'smtp-port': { type: 'string', default: '2525' },
    version: { type: 'string', default: '34' },
    'public-host': { type: 'string' },
    'trusted-domain': { type: 'string', multiple: true },
    'latency-ms': { type: 'string', default: '0' },
    'clock-speed': { type: 'string', default: '1' },
    'clock-epoch': { type: 'string' },
    'no-seed': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'with-parent': { type: 'boolean', default: false }
  }
})

const version = Number(values.version)
if (![31, 33, 34].includes(version)) {
  fail(`--version is 31, 33 or 34, not ${values.version}`)
}
const clockSpeed = Number(values['clock-speed'])
if (!(clockSpeed > 0)) fail(`--clock-speed is a number above 0, not ${values['clock-speed']}`)
const clockEpoch = values['clock-epoch'] === undefined ? undefined : Number(values['clock-epoch'])
if (Number.isNaN(clockEpoch)) fail(`--clock-epoch is in milliseconds, not ${values['clock-epoch']}`)

const sandbox = await startSandbox({
  host: values.host,
  port: Number(values.port),
  smtpPort: Number(values['smtp-port']),
  version: version as NextcloudVersion,
  seed: !values['no-seed'],
  latencyMs: Number(values['latency-ms']),
  clockSpeed,
  ...(clockEpoch !== undefined && { clockEpoch }),
  trustedDomains: values['trusted-domain'] ?? [],
  ...(values['public-host'] && { publicHost: values['public-host'] })
})

const { url, smtpUrl, admin } = sandbox
if (values.json) {
  console.log(JSON.stringify({ url, smtpUrl, admin }))
} else {
  console.log(`
  Simulated Nextcloud ${values.version}   ${url}
  What happens in it      ${url}/sandbox
  Mailbox (SMTP)          ${smtpUrl}
  Admin                   ${admin.user} / ${admin.password}
${
  values['no-seed']
    ? ''
    : `
  Try a user's app password:
    curl -u alice:${seededAppPassword('alice', 'Phone')} -H 'OCS-APIRequest: true' '${url}/ocs/v2.php/cloud/user?format=json'
`
}`)
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

let stopping = false
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await sandbox.close()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
if (values['with-parent']) {
  // The pipe closes when the parent goes away, however it goes.
  process.stdin.resume().on('end', stop).on('close', stop).on('error', stop)
  process.on('disconnect', stop)
}
