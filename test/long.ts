/**
 * `npm run test:faults`, `npm run test:long`: what `npm test` leaves out, and whole what it plays a sample of. Ends as tap
 * does.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { leftOutFiles, project } from './support/files.ts'

const lengths = {
  faults: { timeout: 1_200, FAULT_PASSES: '5', TAMPERINGS: '1000', MANY: '2000' },
  long: { timeout: 7_200, FAULT_PASSES: '25', TAMPERINGS: '5000', MANY: '10000' }
}
/** Of these `npm test` plays a sample. */
const sampled = [
  'audit/tampered',
  'bench/bench',
  'browser/swagger-ui',
  'campaigns/campaign',
  'faults/*',
  'fuzz/api',
  'guard/brakes',
  'integrations/webhooks/killed',
  'remote/many'
].map((name) => `test/${name}.test.ts`)

const asked = process.argv[2]
if (asked !== 'faults' && asked !== 'long') throw new Error('faults or long?')
const { timeout, ...samples } = lengths[asked]
const files = new Set([...globSync(sampled, { cwd: project }), ...leftOutFiles()])
const { status } = spawnSync('tap', ['run', ...[...files].sort(), '--jobs=1', `--timeout=${timeout}`], {
  cwd: project,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...samples,
    COMMANDS: '10000',
    BURST: '1000',
    FUZZ_REQUESTS: '20000',
    PEOPLE: '1000',
    SAMPLES: 'all'
  }
})
process.exitCode = status ?? 1
