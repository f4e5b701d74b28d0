/** The curve of answers, as a picture of its own: no script, and told in words as well. */
import type { Html } from '../../html.ts'
import { count, html } from './markup.ts'
import type { Head, Mark, Point } from './report.ts'

const width = 1160
const height = 300
const plot = { left: 52, right: 1138, top: 46, bottom: 266 }

const series = ['confirmed', 'vouched', 'left'] as const
const names = { confirmed: 'Confirmed', vouched: 'Vouched for', left: 'No longer needed' }

/** How the number of answers rose, stacked; the top of the scale is everybody who was to answer. */
export function chart({ timeline, marks, counts }: Head): Html {
  const from = Date.parse(timeline[0]!.at)
  const to = Date.parse(timeline.at(-1)!.at)
  const most = Math.max(counts.inRound, 1)
  const x = (at: string) => {
    const share = (Date.parse(at) - from) / (to - from)
    return round(plot.left + (plot.right - plot.left) * Math.min(Math.max(share, 0), 1))
  }
  const y = (n: number) => round(plot.bottom - ((plot.bottom - plot.top) * n) / most)
  const last = timeline.at(-1)!
  const said = series.map((name) => `${names[name].toLowerCase()} ${last[name]}`).join(', ')
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="chart-title chart-desc">
<title id="chart-title">Answers over time</title>
<desc id="chart-desc">How many of ${counts.inRound} participants had answered by when, from ${last.at === timeline[0]!.at ? last.at : `${timeline[0]!.at} to ${last.at}`}. At the end: ${said}. The table below has the numbers.</desc>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="pale" width="6" height="6"/><rect class="dark" width="2.5" height="6"/></pattern></defs>
${ticksOf(most).map((n) => html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y(n)}" y2="${y(n)}"/><text class="end" x="${plot.left - 8}" y="${y(n) + 4}">${count(n)}</text>`)}
${series.map((name, n) => html`<path class="${name}" d="${area(timeline, n, x, y)}"/>`)}
${dates(from, to).map(([at, label, anchor]) => html`<text class="${anchor}" x="${x(at)}" y="${plot.bottom + 20}">${label}</text>`)}
${flags(marks.filter(isShown).map((mark) => x(mark.at)))}
${series.map((name, n) => html`<rect class="${name}" x="${plot.left + n * 190}" y="0" width="13" height="13" rx="2"/><text class="key" x="${plot.left + 19 + n * 190}" y="11">${names[name]}: ${count(last[name])}</text>`)}
</svg>`
}

/** The end of what is known is the edge of the picture. */
export const isShown = ({ kind }: Mark) => kind !== 'as-of'
export const letterOf = (n: number) => String.fromCharCode(65 + (n % 26))

const round = (n: number) => Math.round(n * 10) / 10

const radius = 9

/** Each stands upon its line, or, where another does already, beside it. */
function flags(lines: number[]): Html[] {
  let free = plot.left
  const places = lines.map((line) => {
    const place = Math.max(line, free)
    free = place + 2 * radius + 2
    return place
  })
  return lines.map((line, n) => {
    const rest = lines.length - 1 - n
    const x = Math.min(places[n]!, plot.right - rest * (2 * radius + 2))
    return html`<line class="mark" x1="${line}" x2="${line}" y1="${plot.top - 4}" y2="${plot.bottom}"/><circle class="flag" cx="${x}" cy="${plot.top - 12}" r="${radius}"/><text class="letter" x="${x}" y="${plot.top - 8}">${letterOf(n)}</text>`
  })
}

/** Between what the series below it come to, and that with its own; in steps, since nobody answers by halves. */
function area(points: Point[], n: number, x: (at: string) => number, y: (n: number) => number): string {
  const sum = (point: Point, upTo: number) =>
    series.slice(0, upTo).reduce((total, name) => total + point[name], 0)
  const steps = (upTo: number) =>
    points.flatMap((point, at) => {
      const height = y(sum(point, upTo))
      return at === 0
        ? [[x(point.at), height]]
        : [
            [x(point.at), y(sum(points[at - 1]!, upTo))],
            [x(point.at), height]
          ]
    })
  return `M${[...steps(n + 1), ...steps(n).reverse()].map(([a, b]) => `${a} ${b}`).join('L')}Z`
}

function ticksOf(most: number): number[] {
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough)!)
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step)
  // Everybody is the top, and no label stands upon another.
  return [...ticks.filter((n) => most - n > step / 2), most].map(Math.round)
}

const day = 86_400_000

function dates(from: number, to: number): [at: string, label: string, anchor: string][] {
  const most = 6
  return Array.from({ length: most + 1 }, (_, n) => {
    const at = new Date(from + ((to - from) * n) / most).toISOString()
    const label = to - from > 5 * day ? at.slice(0, 10) : `${at.slice(5, 10)} ${at.slice(11, 16)}`
    return [at, label, n === 0 ? 'start' : n === most ? 'end' : 'middle']
  })
}
