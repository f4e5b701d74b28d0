/** The frame of every page of the console. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Session } from '../access/sessions.ts'
import { Html, type Part } from '../html.ts'
import { headers, scriptPath, stylePath } from './assets.ts'
import { html, theirs } from './html.ts'
import { asOf } from './visit.ts'

export type View = {
  title: string
  /** Where the heading says more than the title. */
  heading?: Html
  content: Part
  status?: number
  /** For forms and sign-in. */
  narrow?: boolean
  /** The part of the page that is asked for again: where, and every how many seconds. */
  live?: { path: string; everySeconds: number; part: Html; isOver?: boolean }
  /** What follows the live part. */
  below?: Part
  /** Where it belongs: path and name. */
  within?: [path: string, name: string]
  /** Absent: nobody is signed in. */
  session?: Session
  request: FastifyRequest
  path: string
  may?: (route: string) => boolean
  site: string
}

/** By what a route asks for: nobody is led to where they may not look. */
const menu: [path: string, name: string, route: string | undefined][] = [
  ['/console', 'Overview', undefined],
  ['/console/people', 'People', 'GET /users'],
  ['/console/operations', 'Operations', 'GET /operations'],
  ['/console/approvals', 'Approvals', 'GET /approvals'],
  ['/console/campaigns', 'Campaigns', 'GET /campaigns'],
  ['/console/audit', 'Audit', 'GET /audit'],
  ['/console/doctor', 'Doctor', 'GET /doctor'],
  ['/console/keys', 'Keys', 'GET /keys']
]

/** Stands in every form that changes something: another site cannot know it. */
export const formToken = ({ formToken }: Session): Html =>
  html`<input type="hidden" name="form" value="${formToken}">`

const menuItem = (here: string, [path, name]: (typeof menu)[number]) => {
  const isHere = path === '/console' ? here === path : here === path || here.startsWith(`${path}/`)
  return html`<li><a href="${path}"${isHere && new Html(' aria-current="page"')}>${name}</a></li>`
}

const topOf = ({ session, may, path, site }: View) => {
  const here = path.split('?', 1)[0]!
  return html`<header class="top"><div>
<p class="brand">Locksmith <span>· ${site}</span></p>
${
  session &&
  html`<nav aria-label="Console"><ul>${menu.filter(([, , route]) => route === undefined || may!(route)).map((item) => menuItem(here, item))}</ul></nav>
<form class="who" method="post" action="/console/sign-out">${formToken(session)}<span>${theirs(session.name)}</span><button>Sign out</button></form>`
}
</div></header>`
}

const liveOf = ({ live, path }: View) =>
  live &&
  html`<div class="live"><p id="live-when">As of ${asOf()}.</p>${!live.isOver && html`<p id="live-reload"><a href="${path}">Reload</a></p>`}<p id="live-said" class="unseen" role="status"></p></div>
<div${!live.isOver && html` data-live="${live.path}" data-every="${live.everySeconds}"`}>${live.part}</div>`

export function writePage(reply: FastifyReply, view: View): FastifyReply {
  const { title, heading, content, narrow, within, below, request, site, status = 200 } = view
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Locksmith, ${site}</title>
<link rel="stylesheet" href="${stylePath}">
<script src="${scriptPath}" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
${topOf(view)}
<main id="main"${narrow && new Html(' class="narrow"')}>
${within && html`<p class="crumbs"><a href="${within[0]}">${within[1]}</a></p>`}
<h1>${heading ?? title}</h1>
${content}
${liveOf(view)}
${below}
</main>
<footer>Request <code>${request.id}</code></footer>
</body>
</html>
`
  return reply
    .code(status)
    .headers(headers)
    .header('content-language', 'en')
    .type('text/html; charset=utf-8')
    .send(text)
}
