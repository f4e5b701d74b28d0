import type { Ratio } from './result.ts'

const link = (name: string) => `[${name}.ts](../bench/${name}.ts)`
const cell = (text: string) => text.replaceAll('|', '\\|')

/** docs/BENCHMARKS.md: what one run found, and where. */
export function toPage(machine: string, parts: Record<string, Ratio>): string {
  const rows = Object.entries(parts).map(
    ([name, { name: what, ratio, goal, ok }]) =>
      `| ${cell(what)} | ${ratio.toFixed(3)} | ${cell(goal)} | ${ok ? 'met' : '**missed**'} | ${link(name)} |`
  )
  const sections = Object.entries(parts).map(([, { name, notes }]) =>
    [`## ${name[0]!.toUpperCase()}${name.slice(1)}`, '', ...notes.map((note) => `- ${note}`)].join('\n')
  )
  return `# Benchmarks

What Locksmith costs, beside doing it by hand or with nothing of what it keeps. Each figure is a ratio of two things that one run measured in turn on one machine: it says something about
yours, too; the times beside it do not. This page is what \`npm run bench -- --page docs/BENCHMARKS.md\` wrote:

${machine}, on ${new Date().toISOString().slice(0, 10)}.

| What | Ratio | Goal | | Measured by |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

${sections.join('\n\n')}
`
}
