import { registerHooks } from 'node:module'
import t, { type Test } from 'tap'
import { project, testFiles } from '../support/files.ts'

const seconds = 600

/**
 * Plays each `of`th file from the `nth` on in one process, one after the other. Most of what a file costs is loading
 * the same 2,400 modules, and running them for the first time. Each has a `t` of its own, as if it were alone.
 */
export function playTogether(nth: number, of: number): void {
  let own: Test | undefined
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      // The file alone: what it imports takes types from tap, and nothing else.
      if (specifier !== 'tap' || !context.parentURL?.endsWith('.test.ts')) return resolved
      return { url: `together:${context.parentURL}`, shortCircuit: true }
    },
    load: (url, context, next) =>
      url.startsWith('together:')
        ? { format: 'module', source: 'export default globalThis.together()', shortCircuit: true }
        : next(url, context)
  })
  Object.assign(globalThis, { together: () => own })
  for (const file of testFiles().filter((_, n) => n % of === nth))
    t.test(file, { timeout: seconds * 1_000 }, async (t) => {
      own = t
      await import(`${project}${file}`)
    })
}
