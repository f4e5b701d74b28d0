import { escapeHtml } from './html.ts'
import { phpJson } from './php-json.ts'
import { html, type Reply } from './reply.ts'
import type { Call } from './route.ts'

export interface PageContent {
  title: string
  heading?: string
  /** Trusted markup. */
  body?: string
  /** `app-key` → value, as Nextcloud hands data to its scripts. */
  states?: Record<string, unknown>
}

const style = `
:root{color-scheme:light dark}
body{margin:0;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;min-height:100vh;display:grid;place-items:center;background:linear-gradient(40deg,#0a4a73,#00679e 60%,#30b6ff)}
main{box-sizing:border-box;width:min(26rem,calc(100vw - 2rem));margin:1rem;padding:1.75rem;border-radius:1rem;background:Canvas;color:CanvasText;box-shadow:0 1rem 3rem #0006;overflow-wrap:anywhere}
h1{font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;opacity:.7;margin:0 0 1rem;font-weight:600}
h2{margin:0 0 1rem;font-size:1.35rem;line-height:1.25}
label{display:block;margin:.75rem 0 .25rem}
input:not([type=hidden]){box-sizing:border-box;width:100%;font:inherit;padding:.6rem .75rem;border:1px solid #8888;border-radius:.5rem;background:Field;color:FieldText}
button{font:inherit;font-weight:600;width:100%;margin-top:1.25rem;padding:.7rem 1rem;border:0;border-radius:2rem;background:#00679e;color:#fff;cursor:pointer}
a{color:light-dark(#00679e,#7cc4f0)}
:focus-visible{outline:3px solid light-dark(#00679e,#7cc4f0);outline-offset:2px}
[role=status]{min-height:1.5em;margin:1rem 0 0}`

/** A page as far as a client reads it: CSRF token, initial states, a heading; and usable by a person. */
export function guestPage(
  call: Call,
  { title, heading, body = '', states = {} }: PageContent,
  status = 200
): Reply {
  const inputs = Object.entries(states).map(([id, value]) => {
    const encoded = Buffer.from(phpJson(value)).toString('base64')
    return `<input type="hidden" id="initial-state-${id}" value="${encoded}">`
  })
  return html(
    `<!DOCTYPE html>
<html class="ng-csp" data-placeholder-focus="false" lang="en" data-locale="en" translate="no" >
	<head
 data-requesttoken="${call.session.requestToken}">
		<meta charset="utf-8">
		<title>
			${escapeHtml(title)}		</title>
		<meta name="viewport" content="width=device-width, initial-scale=1">
		<link rel="icon" href="data:,">
		<style>${style}</style>
	</head>
	<body id="body-login">
		<div id="initial-state-container" style="display: none;">
			${inputs.join('\n\t\t\t')}
		</div>
		<main>
			<h1>Nextcloud ${call.nextcloud.quirks.versionString} · simulated</h1>
			${heading === undefined ? '' : `<h2>${escapeHtml(heading)}</h2>`}
			${body}
		</main>
	</body>
</html>
`,
    status
  )
}
