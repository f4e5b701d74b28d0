import type { OccResult } from './occ/application.ts'

/**
 * `node src/sandbox/occ.ts --sandbox http://127.0.0.1:8080 <occ arguments>`: everything after the address is handed
 * over as it is. The address may be in `SANDBOX_URL`, too.
 */
const words = process.argv.slice(2)
const named = words[0] === '--sandbox'
const url = named ? words[1] : process.env.SANDBOX_URL
if (!url) {
  console.error('usage: occ.ts --sandbox <url of the sandbox> <occ arguments>')
  process.exit(64)
}

const response = await fetch(new URL('/sandbox/api/occ', url), {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ argv: words.slice(named ? 2 : 0) })
}).catch((error: unknown) => {
  // Nothing that the real one would say.
  console.error(`The sandbox at ${url} does not answer: ${String(error)}`)
  process.exit(69)
})
const { stdout, stderr, exit, hangs } = (await response.json()) as OccResult
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = exit
// Until somebody kills it.
if (hangs) setInterval(() => {}, 2 ** 30)
