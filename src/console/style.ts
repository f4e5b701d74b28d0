/** In the colours of the confirm page and of mails. Sizes follow what the reader has set; nothing is told by colour alone. */
export const style = `
:root { color-scheme: light dark; --ground: #eef1f5; --card: #fff; --text: #1c2430; --soft: #525c6b; --line: #d5dbe3; --edge: #6b7686; --main: #1455c0; --main-over: #0f4296; --on-main: #fff; --tint: #eef4fd; --good: #17663a; --good-tint: #e9f6ee; --bad: #a4161a; --bad-tint: #fdeeee; --on-bad: #fff; --warn: #8a4600; --warn-tint: #fdf3e5; --ink: #1c2430; --blue: #1d5fa8; --sky: #7fb2e5; --amber: #c2570c; --pale: #f6dcc6 }
@media (prefers-color-scheme: dark) { :root { --ground: #12161c; --card: #1b2129; --text: #e9edf2; --soft: #aab4c1; --line: #333c48; --edge: #8994a3; --main: #8db8ff; --main-over: #b1cfff; --on-main: #0b1a33; --tint: #202b3b; --good: #8fd9ac; --good-tint: #1b2f24; --bad: #ffaaa6; --bad-tint: #3a1f22; --on-bad: #2e0a0c; --warn: #f5c07a; --warn-tint: #35291a; --ink: #e9edf2; --blue: #5f9de0; --sky: #a9cdf2; --amber: #e08a4a; --pale: #4a3626 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere }
.skip { position: absolute; left: -99rem } .skip:focus { left: .5rem; top: .5rem; z-index: 2; padding: .5rem 1rem; background: var(--card) }
.top { background: var(--card); border-bottom: 1px solid var(--line) }
.top > div { max-width: 72rem; margin: 0 auto; padding: .625rem 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center }
.brand { font-weight: 650; margin: 0 } .brand span { color: var(--soft); font-weight: 400 }
.brand { flex: 1 1 auto } .top nav { flex: 1 0 100%; order: 1; margin: 0 -.625rem }
.top nav ul { display: flex; flex-wrap: wrap; gap: 0 .25rem; margin: 0; padding: 0; list-style: none }
.top nav a { display: block; padding: .5rem .625rem; border-radius: .5rem; color: var(--text); text-decoration: none; font-weight: 500 }
.top nav a:hover { background: var(--tint) } .top nav a[aria-current] { color: var(--main); box-shadow: inset 0 -.1875rem var(--main); border-radius: .25rem .25rem 0 0 }
.who { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; margin: 0; font-size: .875rem; color: var(--soft) }
.who button { min-height: 2.25rem; padding: .25rem .75rem; font-size: .875rem }
main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1rem 3rem }
main.narrow { max-width: 34rem }
footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem 2rem; color: var(--soft); font-size: .875rem }
h1 { margin: .25rem 0 1rem; font-size: 1.5rem; line-height: 1.25 }
h2 { margin: 0 0 .75rem; font-size: 1.125rem; line-height: 1.3 }
h3 { margin: 0 0 .25rem; font-size: 1rem }
p, ul, ol, dl, form { margin: 0 0 1rem }
a { color: var(--main); text-underline-offset: .15em }
strong { font-weight: 650 }
code { font: .875em/1.5 ui-monospace, "Cascadia Mono", "Liberation Mono", monospace; overflow-wrap: anywhere }
pre { margin: 0; padding: .75rem; overflow-wrap: anywhere; white-space: pre-wrap; background: var(--ground); border-radius: .5rem; font: .8125rem/1.5 ui-monospace, "Cascadia Mono", "Liberation Mono", monospace }
.card { margin: 0 0 1rem; padding: 1.125rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem }
.card > :last-child, .note > :last-child { margin-bottom: 0 }
.grid { display: grid; gap: 1rem; margin: 0 0 1rem; grid-template-columns: minmax(0, 1fr); align-items: start } .grid > .card { margin: 0 } .stack > :last-child { margin-bottom: 0 }
.note { margin: 0 0 1rem; padding: .75rem 1rem; border-left: .25rem solid var(--edge); border-radius: .375rem; background: var(--card) }
.note.good { border-color: var(--good); background: var(--good-tint) } .note.bad { border-color: var(--bad); background: var(--bad-tint) } .note.warn { border-color: var(--warn); background: var(--warn-tint) }
.note p { margin: 0 0 .5rem } .note h2 { margin-bottom: .25rem }
.none, .soft { color: var(--soft) }
.small { font-size: .875rem }
.pill { display: inline-block; padding: 0 .625rem; border: 1px solid currentcolor; border-radius: 99rem; font-size: .8125rem; font-weight: 600; line-height: 1.55; white-space: nowrap }
.pill.good { color: var(--good) } .pill.bad { color: var(--bad) } .pill.warn { color: var(--warn) } .pill.busy { color: var(--main) } .pill.none { color: var(--soft) }
.pill.bad, .pill.warn { background: var(--bad-tint) } .pill.warn { background: var(--warn-tint) }
.rows { margin: 0; padding: 0; list-style: none }
.rows > li { display: flex; flex-wrap: wrap; gap: .125rem .75rem; align-items: baseline; padding: .625rem 0; border-top: 1px solid var(--line) }
.rows > li:first-child { border-top: 0; padding-top: 0 } .rows > li:last-child { padding-bottom: 0 }
.rows .what { flex: 1 1 16rem; min-width: 0 } .rows .when { color: var(--soft); font-size: .875rem } .rows .more { flex: 1 0 100%; color: var(--soft); font-size: .875rem; margin: 0 }
.rows > li.act { align-items: center }
time { font-variant-numeric: tabular-nums; white-space: nowrap }
dl { display: grid; gap: .5rem } dl > div { display: grid; grid-template-columns: minmax(0, 1fr) } dt { color: var(--soft); font-size: .875rem } dd { margin: 0 } dd time { white-space: normal } figure { margin: 0 0 .5rem }
.steps { margin: 0; padding: 0; list-style: none; counter-reset: step }
.steps > li { position: relative; padding: 0 0 .875rem 2.25rem; counter-increment: step }
.steps > li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 1px solid var(--edge); color: var(--soft); font-size: .8125rem; line-height: 1.375rem; text-align: center }
.steps > li.good::before { border-color: var(--good); background: var(--good-tint); color: var(--good) } .steps > li.bad::before { border-color: var(--bad); background: var(--bad-tint); color: var(--bad) } .steps > li.busy::before { border-color: var(--main); color: var(--main) }
.steps > li:last-child { padding-bottom: 0 } .steps p { margin: .125rem 0 0 }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 0 0 1rem; padding: 0; list-style: none }
.tiles li { padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem } .tiles b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums } .tiles span { color: var(--soft); font-size: .875rem }
meter { width: 100%; height: .75rem; display: block }
button, .button { display: inline-flex; align-items: center; justify-content: center; gap: .3em; min-height: 2.75rem; padding: .5rem 1rem; border: 2px solid var(--edge); border-radius: .5rem; background: var(--card); color: var(--text); font: inherit; font-weight: 600; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer }
button:hover, .button:hover { border-color: var(--main); background: var(--tint) }
button.main, .button.main { border-color: var(--main); background: var(--main); color: var(--on-main) } button.main:hover, .button.main:hover { border-color: var(--main-over); background: var(--main-over) }
button.danger { border-color: var(--bad); background: var(--bad); color: var(--on-bad) } button.danger:hover { filter: brightness(1.1) }
button[aria-disabled] { opacity: .6; cursor: progress }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
.buttons, .pages { display: flex; flex-wrap: wrap; gap: .625rem; align-items: center; margin: 0 0 1rem } .buttons form { margin: 0 }
label, legend { display: block; font-weight: 600; margin: 0 0 .25rem }
.hint { margin: .125rem 0 0; color: var(--soft); font-size: .875rem; font-weight: 400 }
input, select, textarea { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--card); color: var(--text); font: inherit }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; min-height: 0; margin: .125rem .625rem 0 0; flex: none; accent-color: var(--main) }
.check { display: flex; align-items: flex-start } .check label { margin: 0; font-weight: 400 }
.field { margin: 0 0 1rem } fieldset { margin: 0 0 1rem; padding: 0; border: 0; min-width: 0 }
.filter { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(min(11rem, 100%), 1fr)); align-items: end } .filter .field { margin: 0 }
.search { display: flex; gap: .625rem; align-items: end } .search .field { flex: 1; margin: 0; min-width: 0 }
.live { display: flex; flex-wrap: wrap; gap: .25rem .75rem; color: var(--soft); font-size: .875rem; margin: -.5rem 0 1rem } .live p { margin: 0 }
.stale { opacity: .65 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.crumbs { margin: 0; font-size: .875rem }
.names { columns: 14rem; column-gap: 1.5rem; padding-left: 1.25rem }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding-bottom: .375rem } th { text-align: left; color: var(--soft); font-size: .875rem } th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); vertical-align: top } .n { text-align: right; font-variant-numeric: tabular-nums }
details > summary { cursor: pointer; font-weight: 600; padding: .25rem 0 }
svg { display: block; width: 100%; height: auto } svg text { font-size: 12px; fill: var(--soft) } svg .grid { stroke: var(--line) } svg .mark { stroke: var(--ink); stroke-dasharray: 4 4 } svg .flag { fill: var(--ink) } svg .letter { fill: var(--card); font-weight: 600; text-anchor: middle } svg .end { text-anchor: end } svg .middle { text-anchor: middle } svg .key { fill: var(--ink) }
svg .confirmed { fill: var(--blue) } svg .vouched { fill: var(--sky) } svg .left { fill: url(#hatch) } svg .pale { fill: var(--pale) } svg .dark { fill: var(--amber) }
@media (max-width: 45rem) { .top nav a { padding: .375rem .5rem; font-size: .9375rem } .top nav { margin: 0 -.5rem } .top > div { padding: .5rem 1rem .25rem } svg text { font-size: 22px } svg .key { font-size: 0 } .keys { display: block } .rows .when { flex: 1 0 100% } }
@media (min-width: 45rem) { dl > div { grid-template-columns: 11rem minmax(0, 1fr); gap: .75rem } main { padding-top: 2rem } h1 { font-size: 1.75rem } .two { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } .wide { grid-template-columns: minmax(0, 5fr) minmax(0, 4fr) } .wide dl > div { grid-template-columns: 9rem minmax(0, 1fr) } }
`
