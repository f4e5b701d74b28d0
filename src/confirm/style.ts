import { createHash } from 'node:crypto'

/** All that the pages are dressed in: nothing is fetched, from nobody. Sizes follow what the reader has set. */
export const style = `
:root { color-scheme: light dark; --ground: #eef1f5; --card: #fff; --text: #1c2430; --soft: #525c6b; --line: #d5dbe3; --edge: #6b7686; --main: #1455c0; --main-over: #0f4296; --on-main: #fff; --tint: #eef4fd; --good: #17663a; --good-tint: #e9f6ee }
@media (prefers-color-scheme: dark) { :root { --ground: #12161c; --card: #1b2129; --text: #e9edf2; --soft: #aab4c1; --line: #333c48; --edge: #8994a3; --main: #8db8ff; --main-over: #b1cfff; --on-main: #0b1a33; --tint: #202b3b; --good: #8fd9ac; --good-tint: #1b2f24 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.25rem .75rem 2.5rem; background: var(--ground); color: var(--text); font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere }
header, main, footer { max-width: 36rem; margin-inline: auto }
header { padding: .25rem .25rem .75rem; font-weight: 650 }
main { padding: 1.5rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .875rem }
footer { padding: 1rem .25rem 0; font-size: .9375rem; color: var(--soft) }
h1 { margin: 0 0 1rem; font-size: 1.4375rem; line-height: 1.25 }
h2 { margin: 2rem 0 .5rem; font-size: 1.0625rem }
p, ul, form { margin: 0 0 1rem }
ul { padding-left: 1.25rem }
li + li { margin-top: .375rem }
main > :last-child { margin-bottom: 0 }
a { color: var(--main); text-underline-offset: .15em }
strong { font-weight: 650 }
button, .button { display: block; width: 100%; min-height: 3.25rem; padding: .75rem 1rem; border: 2px solid var(--edge); border-radius: .625rem; background: var(--card); color: var(--text); font: inherit; font-weight: 600; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer }
button:hover, .button:hover { border-color: var(--main); background: var(--tint) }
button.main, .button.main { border-color: var(--main); background: var(--main); color: var(--on-main) }
button.main:hover, .button.main:hover { border-color: var(--main-over); background: var(--main-over) }
:focus-visible { outline: 3px solid var(--main); outline-offset: 3px }
.choices { display: grid; gap: .75rem; margin: 1.5rem 0 }
.choices > * { margin: 0 }
.hint { margin: .25rem 0 0; font-size: .9375rem; color: var(--soft) }
.said { padding: .75rem 1rem; border-left: .25rem solid var(--good); border-radius: .375rem; background: var(--good-tint); font-weight: 500 }
.people { margin: 0 0 1rem; padding: 0; list-style: none; border-top: 1px solid var(--line) }
.people > li { margin: 0; padding: 1rem 0; border-bottom: 1px solid var(--line) }
.people h2 { margin: 0 }
.people .pair { display: flex; flex-wrap: wrap; gap: .625rem; margin-top: .75rem }
.people form { flex: 1 1 10rem; margin: 0 }
.pages { display: flex; flex-wrap: wrap; gap: .625rem }
.pages .button { flex: 1 1 10rem; width: auto }
@media (min-width: 40rem) { body { padding-top: 4rem } main { padding: 2.25rem } h1 { font-size: 1.75rem; text-wrap: balance } }
`

const hash = createHash('sha256').update(style).digest('base64')

/** No script, nothing from elsewhere, in nobody's frame; forms lead back here alone. */
export const policy = `default-src 'none';style-src 'sha256-${hash}';form-action 'self';base-uri 'none';frame-ancestors 'none'`
