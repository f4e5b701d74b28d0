import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { project } from './compose.ts'

/** An `occ` that notes how it was called, and knows the user once it was added. */
const occ = `cd "$(dirname "$0")"
echo "$*" >> calls
echo "$OC_PASS" > password
case $1 in
  user:info) test -e user ;;
  user:add) test ! -e broken && touch user ;;
esac
`

function seed(t: Test) {
  const folder = t.testdir({ occ })
  const calls = () => {
    const file = join(folder, 'calls')
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  }
  const run = (env: Record<string, string> = {}) =>
    spawnSync('sh', [join(project, 'deploy/compose/nextcloud/seed.sh')], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        OCC: `sh ${folder}/occ`,
        SEED_USER: 'alice',
        SEED_USER_ADDRESS: 'alice@example.com',
        SEED_USER_PASSWORD: 'a secret word',
        ...env
      }
    })
  return { folder, calls, run }
}

t.test('the seed makes the user with an address and an app password', async (t) => {
  const { folder, calls, run } = seed(t)
  const { status, stderr } = run()
  t.equal(status, 0, stderr)
  t.strictSame(calls(), [
    'user:info alice',
    'user:add --no-interaction --password-from-env --display-name=Alice Archer --email=alice@example.com alice',
    'user:auth-tokens:add --no-interaction --password-from-env --name=Phone alice'
  ])
  t.equal(
    readFileSync(join(folder, 'password'), 'utf8'),
    'a secret word\n',
    'the password goes by environment'
  )
})

t.test('a second start leaves the user alone', async (t) => {
  const { calls, run } = seed(t)
  run()
  t.equal(run().status, 0)
  t.equal(calls().at(-1), 'user:info alice')
  t.equal(calls().length, 4)
})

t.test('a seed that fails says so, and the container starts again', async (t) => {
  const { folder, run } = seed(t)
  writeFileSync(join(folder, 'broken'), '')
  t.not(run().status, 0)
  t.not(run({ SEED_USER_PASSWORD: '' }).status, 0, 'so does one without a password')
})
