/** Which files are tests, and who plays them: `.taprc` says what `npm test` leaves out. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const project = fileURLToPath(new URL('../..', import.meta.url))

const testsIn = (exclude: string[]) => globSync('test/**/*.test.ts', { cwd: project, exclude }).sort()

/** All that `npm test` plays, in an order of its own that never changes. */
export function testFiles(): string[] {
  const { exclude } = parse(readFileSync(`${project}.taprc`, 'utf8')) as { exclude: string[] }
  return testsIn(exclude)
}

/** All that it leaves out. */
export function leftOutFiles(): string[] {
  const played = new Set(testFiles())
  return testsIn([]).filter((file) => !played.has(file))
}
