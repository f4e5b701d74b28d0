import { createHash } from 'node:crypto'

/** Of the page: on a screen, and on A4. Nothing is told by colour alone. */
export const style = `
:root { color-scheme: light; --ink: #17202b; --soft: #546274; --line: #d5dce4; --wash: #f4f6f9; --blue: #1d5fa8; --sky: #7fb2e5; --amber: #c2570c; --red: #a4161a; --green: #1c6b3a }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 36px 32px 48px; max-width: 1240px; font: 14px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; color: var(--ink); background: #fff }
header { display: flex; justify-content: space-between; gap: 24px; align-items: flex-start; border-bottom: 3px solid var(--blue); padding-bottom: 16px }
.kind { margin: 0; color: var(--blue); font-weight: 600; letter-spacing: .04em; text-transform: uppercase; font-size: 12px }
h1 { margin: 2px 0 0; font-size: 28px; line-height: 1.25; overflow-wrap: anywhere }
h2 { margin: 32px 0 10px; font-size: 18px }
h3 { margin: 0 0 6px; font-size: 14px }
p { margin: 6px 0 }
.sub { color: var(--soft) }
.state { flex: none; margin-top: 6px; border: 1.5px solid var(--green); color: var(--green); border-radius: 6px; padding: 6px 12px; font-weight: 600; text-align: right }
.state small { display: block; font-weight: 400; color: var(--soft) }
.draft { border-color: var(--amber); color: var(--amber) }
.notice { border-left: 4px solid var(--amber); background: #fdf4ec; padding: 8px 14px; margin: 16px 0 0 }
ul { padding-left: 20px }
.evidence { margin-top: 14px }
.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 10px; margin: 16px 0 0; padding: 0; list-style: none }
.tiles li { background: var(--wash); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px 12px }
.tiles b { display: block; font-size: 25px; line-height: 1.3; font-variant-numeric: tabular-nums }
.tiles span { color: var(--soft); font-size: 12px; line-height: 1.35; display: block }
.tiles strong { display: block; font-weight: 600; font-size: 13px }
.alarm b { color: var(--red) }
.three { display: grid; grid-template-columns: repeat(3, 1fr); gap: 24px; align-items: start }
dl { display: grid; grid-template-columns: 180px 1fr; margin: 0; border-top: 1px solid var(--line) }
dt, dd { margin: 0; padding: 6px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
dt { color: var(--soft); padding-right: 12px }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; font-weight: 600; padding-bottom: 6px }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 12px; border-bottom: 1.5px solid var(--ink); padding: 5px 10px 5px 0; vertical-align: bottom }
td { border-bottom: 1px solid var(--line); padding: 6px 10px 6px 0; vertical-align: top; overflow-wrap: anywhere }
td:last-child, th:last-child { padding-right: 0 }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td p:first-child { margin-top: 0 } td p:last-child { margin-bottom: 0 }
tfoot td { font-weight: 600 }
figure { margin: 0 }
svg { display: block; width: 100%; height: auto; margin: 4px 0 8px }
svg text { font-size: 12px; fill: var(--soft) }
svg .grid { stroke: var(--line) }
svg .mark { stroke: var(--ink); stroke-dasharray: 4 4 }
svg .flag { fill: var(--ink) }
svg .letter { fill: #fff; font-weight: 600; text-anchor: middle }
svg .end { text-anchor: end }
svg .middle { text-anchor: middle }
.confirmed { fill: var(--blue) } .vouched { fill: var(--sky) } .left { fill: url(#hatch) } .pale { fill: #f6dcc6 } .dark { fill: var(--amber) }
svg .key { fill: var(--ink) }
.people { table-layout: fixed; font-size: 12.5px; line-height: 1.42 }
.people th:nth-child(1) { width: 21% } .people th:nth-child(2) { width: 29% } .people th:nth-child(3) { width: 21% }
.people thead { display: table-header-group }
.people tr { break-inside: avoid }
.people b, .people strong { font-weight: 600 }
.people p { margin: 0 }
.people p + p { margin-top: 3px }
.people time { white-space: nowrap }
.pill { display: inline-block; border: 1px solid currentcolor; border-radius: 999px; padding: 0 8px; font-size: 11.5px; font-weight: 600; line-height: 1.5 }
.good { color: var(--green) } .bad { color: var(--red) } .warn { color: var(--amber) } .none { color: var(--soft) }
code { font: 11px/1.4 ui-monospace, "Cascadia Mono", "Liberation Mono", monospace; overflow-wrap: anywhere }
footer { margin-top: 30px; border-top: 1px solid var(--line); padding-top: 12px; color: var(--soft); font-size: 12.5px }
@media screen and (max-width: 760px) {
  body { padding: 20px 16px }
  header { flex-direction: column } .state { text-align: left }
  .tiles { grid-template-columns: repeat(2, 1fr) } .three { grid-template-columns: 1fr } dl { grid-template-columns: 1fr } dt { border: 0; padding-bottom: 0 }
  .scroll, section { overflow-x: auto } section table { font-size: 12px } .people { min-width: 860px }
}
@page { size: A4 landscape; margin: 14mm 13mm 16mm; @bottom-left { content: "Access review · contains personal data"; font: 8pt sans-serif; color: #546274 } @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #546274 } }
@media print {
  body { padding: 0; max-width: none; font-size: 9.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  h1 { font-size: 19pt } h2 { font-size: 12.5pt; margin-top: 18pt; break-after: avoid }
  td, dt, dd { padding-block: 3.5pt } .three td { padding-block: 2pt } .tiles { margin-top: 8pt } .tiles li { padding: 5pt 9pt 6pt } .tiles b { font-size: 16pt }
  .people { font-size: 8pt } .pill { font-size: 7.5pt } code { font-size: 7pt } footer { font-size: 8.5pt; margin-top: 10pt; padding-top: 6pt; break-inside: avoid }
  dl, svg, figure, .three > table, .keep { break-inside: avoid }
  .page { break-before: page; margin-top: 0 }
}
`

/** The page loads nothing and runs nothing; its one style is known by its hash. */
export const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`
