/** Writes what the last `npm run test:faults` saw into docs/RELIABILITY.md. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { promises } from './harness/model.ts'
import { type Run, resultsFolder } from './harness/results.ts'

const page = new URL('../../docs/RELIABILITY.md', import.meta.url)
const [begin, end] = ['<!-- table -->', '<!-- /table -->']

const runs = readdirSync(resultsFolder)
  .sort()
  .flatMap((file) => JSON.parse(readFileSync(resultsFolder + file, 'utf8')) as Run[])
  .filter(({ fault }) => fault !== 'none')

const faults = Map.groupBy(runs, ({ fault }) => fault)
const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
const cellsOf = (some: Run[]) => [
  some.length,
  ...promises.map(
    (promise) => some.filter(({ broken }) => broken.some((one) => one.promise === promise)).length
  )
]
const table = [
  row(['Fault', 'Runs', ...promises]),
  row(['---', ...Array.from({ length: promises.length + 1 }, () => '---:')]),
  ...[...faults]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([fault, some]) => row([fault, ...cellsOf(some)])),
  row(['**all**', ...cellsOf(runs)])
].join('\n')

const text = readFileSync(page, 'utf8')
const [before] = text.split(begin)
const [, after] = text.split(end)
writeFileSync(page, `${before}${begin}\n\n${table}\n\n${end}${after}`)
const bad = runs.filter(({ broken }) => broken.length > 0).length
process.stdout.write(`${runs.length} runs, ${bad} broke a promise\n`)
process.exitCode = bad > 0 ? 1 : 0
