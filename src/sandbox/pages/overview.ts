import type { Sandbox } from '../control/sandbox.ts'
import { escapeHtml } from '../http/html.ts'
import type { Reply } from '../http/reply.ts'
import type { Settings } from '../model/settings.ts'
import { calls } from './calls.ts'
import { layout, pill, timeOf } from './layout.ts'
import { mails } from './mails.ts'
import { people } from './people.ts'

/** Everything at a glance. */
export function overview(sandbox: Sandbox): Reply {
  const { url, smtpUrl, admin, nextcloud } = sandbox
  return layout(
    'Locksmith sandbox',
    `<header>
<h1>Sandbox<small>Simulated Nextcloud ${nextcloud.quirks.versionString} with a mailbox. Nothing here is real, everything is gone when it stops.</small></h1>
<dl class="facts">
<div><dt>Nextcloud</dt><dd><a href="${escapeHtml(url)}/login">${escapeHtml(url)}</a></dd></div>
<div><dt>Mail</dt><dd class="mono">${escapeHtml(smtpUrl)}</dd></div>
<div><dt>Admin</dt><dd class="mono">${escapeHtml(admin.user)} / ${escapeHtml(admin.password)}</dd></div>
</dl>
</header>
<main>
<div data-part="state" class="facts" style="display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;margin-bottom:1.25rem">
<span>Its clock says ${timeOf(sandbox.clock.now())} UTC ${conditions(sandbox.settings()).join(' ')}</span>
<span class="buttons">
<button data-post="/sandbox/api/clock" data-body='{"advanceSeconds":300}'>5 minutes later</button>
<button data-post="/sandbox/api/clock" data-body='{"advanceSeconds":86400}'>A day later</button>
<button data-post="/sandbox/api/reset" data-sure="Back to how it started?">Start over</button>
</span>
</div>
<div class="columns">${people(sandbox)}<div style="display:grid;gap:1.5rem;align-content:start;min-width:0">${mails(sandbox)}</div></div>
<div style="margin-top:1.5rem">${calls(sandbox)}</div>
</main>`,
    { refreshes: true }
  )
}

/** What is wrong or special at the moment. */
function conditions(settings: Settings): string[] {
  const found: [boolean, string][] = [
    [settings.maintenance, 'maintenance mode'],
    [settings.databaseDown, 'database down'],
    [settings.mailServerDown, 'mail server down'],
    [!settings.passwordResetEnabled, 'password reset off'],
    [settings.redirectAllTo !== null, 'redirects everything'],
    [settings.rubbish, 'answers rubbish'],
    [settings.encryption !== 'off', `encryption: ${settings.encryption}`],
    [settings.twoFactorEnforced.enforced, 'two-factor enforced'],
    [settings.allowListed, 'callers allow-listed'],
    [settings.latencyMs > 0, `${settings.latencyMs} ms latency`]
  ]
  return found.filter(([is]) => is).map(([, text]) => pill(text, 'warn'))
}
