/** Which files are tests, and who plays them: `.taprc` says what `npm test` leaves out. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const project = fileURLToPath(new URL('../..', import.meta.url))

const testsIn = (exclude: string[]) => globSync('test/**/*.test.ts', { cwd: project, exclude }).sort()
const { exclude } = parse(readFileSync(`${project}.taprc`, 'utf8')) as { exclude: string[] }

/** All that `npm test` plays, in an order of its own that never changes. */
export const testFiles = testsIn(exclude)

/** All that it leaves out. */
export const leftOutFiles = testsIn([]).filter((file) => !testFiles.includes(file))
