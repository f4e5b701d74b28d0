/** `npm run build [-- FOLDER]`: the program without its sources, in `dist` or FOLDER, with all that it reads at run time. */
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const [folder = join(project, 'dist')] = process.argv.slice(2)
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', folder], {
  cwd: project,
  stdio: 'inherit'
})
if (status !== 0) process.exit(status ?? 1)
// By paths relative to the sources: dist is laid out as the project is.
for (const name of ['package.json', 'migrations', 'docs/problems'])
  cpSync(join(project, name), join(folder, name), { recursive: true })
