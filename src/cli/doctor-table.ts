import { stripVTControlCharacters, styleText } from 'node:util'
import type { Finding, FindingState } from '../doctor/check.ts'
import type { Report } from '../doctor/doctor.ts'

type Look = { width: number; colour: boolean }
type Colour = 'green' | 'yellow' | 'red' | 'gray'

/** Readable without colour, too. */
const looks: Record<FindingState, { mark: string; colour: Colour }> = {
  ok: { mark: '✓', colour: 'green' },
  warning: { mark: '!', colour: 'yellow' },
  error: { mark: '✗', colour: 'red' },
  unknown: { mark: '?', colour: 'yellow' },
  skipped: { mark: '–', colour: 'gray' }
}
const words: Record<FindingState, string> = {
  ok: 'ok',
  warning: 'warning(s)',
  error: 'error(s)',
  unknown: 'not known',
  skipped: 'skipped'
}

/** The report for a person at a terminal: what is wrong comes last, where the eye is. */
export function printable(report: Report, look: Look): string {
  const paint = (colour: Colour | 'bold', text: string) =>
    look.colour ? styleText(colour, text, { validateStream: false }) : text
  const label = (finding: Finding) =>
    finding.about === undefined ? finding.name : `${finding.name} ${finding.about}`
  const column = Math.min(30, Math.max(...report.findings.map((finding) => label(finding).length)) + 2)

  const entry = (finding: Finding): string => {
    const { mark, colour } = looks[finding.state]
    // On a narrow terminal the name has a line of its own.
    const isNarrow = look.width < column + 44
    const indent = isNarrow ? 6 : column + 4
    const long = isNarrow || label(finding).length > column - 2
    const head = `  ${paint(colour, mark)} ${paint('bold', long ? label(finding) : label(finding).padEnd(column))}`
    const block = (first: string, text: string) =>
      wrap(plain(text), look.width - indent - first.length)
        .map((line, at) => `${' '.repeat(indent)}${at === 0 ? first : ' '.repeat(first.length)}${line}`)
        .join('\n')
    const found = block('', finding.found)
    const isWrong = finding.state !== 'ok' && finding.state !== 'skipped'
    return [
      long ? `${head}\n${found}` : `${head}${found.slice(indent)}`,
      isWrong && finding.means && paint('gray', block('', finding.means)),
      isWrong && finding.mend && paint(colour, block('→ ', finding.mend))
    ]
      .filter(Boolean)
      .join('\n')
  }

  const order: FindingState[] = ['skipped', 'ok', 'unknown', 'warning', 'error']
  const sorted = report.findings.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  const title = `Locksmith ${report.locksmith}${report.nextcloud ? `, Nextcloud ${report.nextcloud}` : ''}`
  const counts = [...order]
    .reverse()
    .map((state) => ({ state, count: report.findings.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => paint(looks[state].colour, `${count} ${words[state]}`))
  return `\n  ${paint('bold', plain(title))}\n\n${sorted.map(entry).join('\n')}\n\n  ${counts.join(', ')}\n\n`
}

/** What a server said is in it: nothing of that may steer the terminal. */
const plain = (text: string) => stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' ')

/** At spaces; a word that is longer than a line (a command, an address) stays whole, to be copied. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
