import { count, html as markup, theirs, when } from './markup.ts'
import { personRow } from './people.ts'
import { fileName, type Head, type Writer } from './report.ts'
import { policy, style } from './style.ts'
import { evidence, summary } from './summary.ts'

/** A page that needs nothing but itself: to read, to print, to file. */
export const html: Writer = {
  type: 'text/html; charset=utf-8',
  start: (head) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="robots" content="noindex">
${markup`<title>Access review: ${head.campaign.name}, round ${head.round.number}${head.final ? '' : ' (not final)'}</title>`.text}
<style>${style}</style>
</head>
<body>
${top(head)}
<main>${evidence().text}
${summary(head).text}
<h2 class="page">Everybody in the audience</h2>
<p class="sub">${count(head.counts.participants)} users, by id. All times are UTC.</p>
<div class="scroll"><table class="people">
<thead><tr><th scope="col">User</th><th scope="col">Asked</th><th scope="col">Answer</th><th scope="col">State, and what followed</th></tr></thead>
<tbody>
`,
  rows: (entries) => entries.map(personRow).join(''),
  end: (head) => `</tbody></table></div></main>
${bottom(head)}
</body>
</html>
`
}

function top({ campaign, round, final, asOf }: Head): string {
  return markup`<header><div><p class="kind">Access review</p><h1>${theirs(campaign.name)}</h1>
<p class="sub">Round ${round.number} · <code>${campaign.id}</code></p></div>
<div class="state${!final && ' draft'}">${final ? 'Final' : 'Not final'}<small>as of ${when(asOf)} UTC</small></div></header>
${!final && markup`<p class="notice"><b>Not final: as of ${when(asOf)} UTC.</b> The round goes on, and what is below may change. Ask again once it has ended.</p>`}`
    .text
}

/** Whoever prints half of a page that broke off would lack this line. */
function bottom(head: Head): string {
  const files = ['html', 'csv', 'json'].map((ext) => fileName(head.campaign, head.round, ext)).join(', ')
  const proof = head.final
    ? markup`This round is over: the report has the same bytes each time. <code>format=sha256</code> gives the SHA-256 of ${files}, for <code>sha256sum -c</code>.`
    : 'Hashes of the report are given once the round has ended.'
  return markup`<footer><p><b>End of the report:</b> ${count(head.counts.participants)} users.</p><p>${proof}</p></footer>`
    .text
}
