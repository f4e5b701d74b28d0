import type { Sandbox } from '../control/sandbox.ts'
import { escapeHtml } from '../http/html.ts'
import type { LoggedCall } from '../http/log.ts'
import { pill, timeOf } from './layout.ts'

const SHOWN = 40

/** What Nextcloud was asked lately, newest first. */
export function calls(sandbox: Sandbox): string {
  const all = sandbox.calls()
  const rows = all.slice(-SHOWN).reverse().map(row)
  const table =
    rows.length === 0
      ? '<p class="empty">Nobody called yet.</p>'
      : `<div class="scroll"><table class="calls"><thead><tr><th class="narrow">Time</th><th class="narrow">Status</th><th>Call</th><th class="narrow">As</th><th>Did</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  return `<section data-part="calls"><h2>Calls received <small>${all.length}</small></h2><div class="card">${table}</div></section>`
}

function row(call: LoggedCall): string {
  const kind =
    call.status === 0
      ? 'bad'
      : call.status < 300
        ? 'good'
        : call.status < 400
          ? 'info'
          : call.status < 500
            ? 'warn'
            : 'bad'
  const did = [
    ...call.effects.map(
      ({ userId, effect }) => `${escapeHtml(effect)} <span class="soft">${escapeHtml(userId)}</span>`
    ),
    ...(call.throttledMs > 0 ? [pill(`slowed ${call.throttledMs / 1000} s`, 'warn')] : []),
    ...(call.fault ? [pill(`fault: ${call.fault}`, 'bad')] : [])
  ]
  return `<tr data-key="c${call.number}"><td class="narrow">${timeOf(call.at)}</td><td class="narrow">${pill(call.status === 0 ? 'none' : String(call.status), kind)}</td><td class="path">${escapeHtml(call.method)} ${escapeHtml(call.path)}</td><td class="narrow">${escapeHtml(call.actor ?? '')}</td><td>${did.join('<br>')}</td></tr>`
}
