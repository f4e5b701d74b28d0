/**
 * One user locked out on a real Nextcloud (NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER, NEXTCLOUD_ADMIN_PASSWORD, OCC_COMMAND):
 * through Locksmith, over HTTP alone and until it answers with the finished operation; and by what an administrator
 * scripts on the server today: `occ user:resetpassword`, `occ user:auth-tokens:list`, and `occ user:auth-tokens:delete`
 * for each token. OCC_COMMAND has to hand OC_PASS on (`sudo --preserve-env=OC_PASS -u www-data php …/occ`).
 *
 * Each user has one browser session and two app passwords, made for it and deleted afterwards. Neither way sends a mail:
 * occ cannot. The script checks nothing, keeps nothing, and does not look whether anything is left.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { Client } from 'undici'
import { readConfig } from '../src/config.ts'
import { people } from '../test/live/person.ts'
import type { Child } from './child.ts'
import { type Length, type Ratio, ratioOf, spread } from './result.ts'
import type { Stage } from './stage.ts'

const goal = 1
const run = promisify(execFile)

export async function measureByHand(stage: Stage, { quick, until }: Length): Promise<Ratio> {
  const { nextcloud, occ } = readConfig()
  if (!nextcloud || !occ)
    throw new Error(
      'by-hand needs NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER, NEXTCLOUD_ADMIN_PASSWORD and OCC_COMMAND'
    )
  const server = { url: nextcloud.url.href.replace(/\/$/, ''), admin: nextcloud.admins[0]! }
  const live = people(server)
  const { version } = (await (await fetch(`${server.url}/status.php`)).json()) as { version: string }
  const locksmith = await stage.locksmith('serve', { ready: server } as Child)
  const caller = new Client(locksmith.url, { headersTimeout: 0 })
  const pairs = quick ? 2 : 4
  const took = { locksmith: [] as number[], script: [] as number[] }
  const [program, ...words] = occ.command
  const byOcc = async (env: Record<string, string>, ...args: string[]) =>
    (await run(program!, [...words, ...args], { env: { ...process.env, ...env } })).stdout

  const ways = {
    async locksmith(user: string) {
      const { statusCode, body } = await caller.request({
        method: 'POST',
        path: `/users/${user}/reset`,
        headers: {
          authorization: `Bearer ${locksmith.key}`,
          prefer: 'wait=60',
          'content-type': 'application/json'
        },
        body: JSON.stringify({ mail: 'none' })
      })
      const operation = (await body.json()) as { state?: string }
      if (statusCode !== 200 || operation.state !== 'succeeded')
        throw new Error(`Locksmith answered ${statusCode}: ${JSON.stringify(operation)}`)
    },
    async script(user: string) {
      const password = `New-${randomBytes(12).toString('base64url')}-1`
      await byOcc({ OC_PASS: password }, 'user:resetpassword', '--password-from-env', user)
      const list = JSON.parse(await byOcc({}, 'user:auth-tokens:list', '--output=json', user))
      for (const { id } of Object.values(list) as { id: number }[])
        await byOcc({}, 'user:auth-tokens:delete', user, String(id))
    }
  }

  async function timed(way: 'locksmith' | 'script'): Promise<number> {
    const who = await live.createUser()
    try {
      const session = await live.logIn(who, 'bench')
      const apps = [await live.appPassword(who), await live.appPassword(who)]
      await locksmith.forgetLimits()
      const began = performance.now()
      await ways[way](who.user)
      const ms = performance.now() - began
      // Nextcloud remembers a deleted token for some seconds; what is left in its list is what counts.
      const left = JSON.parse(await byOcc({}, 'user:auth-tokens:list', '--output=json', who.user))
      if (!session || apps.length !== 2 || Object.keys(left).length > 0)
        throw new Error(`${way} did not lock out ${who.user}`)
      return ms
    } finally {
      await live.removeUser(who.user)
    }
  }

  for (let n = -1; n < pairs && performance.now() < until; n++)
    for (const way of ['locksmith', 'script'] as const) {
      const ms = await timed(way)
      if (n >= 0) took[way].push(ms)
    }
  await caller.close()
  const ratio = ratioOf(took.locksmith, took.script)
  return {
    name: 'one user locked out of a real Nextcloud, Locksmith / a script of occ commands',
    ratio,
    goal: `≤ ${goal}`,
    ok: ratio <= goal,
    notes: [
      `median of the ratios of ${took.script.length} pairs, in turn, on Nextcloud ${version}; one browser session and two app passwords each, no mail`,
      `Locksmith: ${spread(took.locksmith, 'ms')}: over HTTP alone, with its checks before and its look afterwards, audited, until the finished operation`,
      `script: ${spread(took.script, 'ms')}: \`occ user:resetpassword\`, \`user:auth-tokens:list\`, and \`user:auth-tokens:delete\` for each; no checks, no look afterwards, no record, and no reset mail: occ has none`
    ]
  }
}
