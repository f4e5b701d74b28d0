/** Keeps the overview fresh without disturbing whoever reads it, and lets its buttons act. */
export const script = `
const main = document.querySelector('main')
const disturbs = () => main.contains(document.activeElement) || !getSelection().isCollapsed || document.hidden
async function refresh (force) {
  if (!force && disturbs()) return
  const response = await fetch(location.href).catch(() => null)
  if (!response || !response.ok) return
  const next = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main')
  for (const part of next.querySelectorAll('[data-part]')) {
    const now = main.querySelector('[data-part="' + part.dataset.part + '"]')
    if (!now || now.innerHTML === part.innerHTML) continue
    const known = new Set([...now.querySelectorAll('[data-key]')].map((one) => one.dataset.key))
    for (const one of part.querySelectorAll('[data-key]')) if (!known.has(one.dataset.key)) one.classList.add('fresh')
    now.replaceWith(part)
  }
}
setInterval(refresh, 2000)
addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-post]')
  if (!button) return
  if (button.dataset.sure && !confirm(button.dataset.sure)) return
  await fetch(button.dataset.post, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: button.dataset.body || '{}' })
  button.blur()
  refresh(true)
})
`
