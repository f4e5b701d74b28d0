#!/usr/bin/env node
/** `locksmith …`: a process of this host, something on its database, or a command over REST. Each loads only what it needs. */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Taking the types out of the sources is most of what a short command would cost. Not in a folder that others may write.
if (import.meta.url.endsWith('.ts'))
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/locksmith', import.meta.url)))

const argv = process.argv.slice(2)
const { processes } = await import('./cli/commands.ts')
const isHere = argv[0] === 'host' || Object.hasOwn(processes, argv[0] ?? '')
const { explain, findHere } = isHere ? await import('./cli/run-here.ts') : {}
const here = findHere?.(argv)
if (here) {
  try {
    await here.run()
  } catch (error) {
    process.stderr.write(`locksmith ${here.name}: ${explain!(error as NodeJS.ErrnoException)}\n`)
    process.exitCode = 1
  }
} else {
  const { runAtTerminal } = await import('./remote/terminal.ts')
  await runAtTerminal(argv)
}
