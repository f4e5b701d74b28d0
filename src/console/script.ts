/**
 * All the script there is. Without it everything works: what is live then has to be reloaded. It asks for a part of the
 * page again and says when it last heard; where it hears nothing it says so, and since when.
 */
export const script = `'use strict'
for (const part of document.querySelectorAll('[data-live]')) {
  const said = document.getElementById('live-said')
  const when = document.getElementById('live-when')
  let last = ''
  let timer
  const again = () => { clearTimeout(timer); timer = setTimeout(look, Number(part.dataset.every) * 1000) }
  async function look() {
    if (document.hidden) return again()
    try {
      const response = await fetch(part.dataset.live, { headers: { accept: 'text/html' }, redirect: 'error', cache: 'no-store' })
      if (response.status === 401) return over('You are signed out: what is shown is from before. Reload to sign in.')
      if (!response.ok) throw new Error(String(response.status))
      const text = await response.text()
      if (text !== last) show(text)
      last = text
      part.classList.remove('stale')
      when.textContent = 'Live. Last heard ' + response.headers.get('x-as-of') + '.'
      if (response.headers.get('x-over') === 'true') return over('It is over: nothing more will change here by itself.')
    } catch {
      part.classList.add('stale')
      const text = 'Not live: Locksmith does not answer. What is shown may be out of date.'
      if (when.textContent !== text) when.textContent = text
    }
    again()
  }
  function over(text) { when.textContent = text }
  function show(text) {
    const held = document.activeElement
    const href = part.contains(held) ? held.getAttribute('href') : null
    const open = [...part.querySelectorAll('details[open]')].map((each) => each.id)
    part.innerHTML = text
    for (const id of open) if (id) document.getElementById(id)?.setAttribute('open', '')
    if (href) [...part.querySelectorAll('a')].find((each) => each.getAttribute('href') === href)?.focus()
    const news = part.querySelector('[data-said]')?.dataset.said
    if (news && said.dataset.news !== news) { if (said.dataset.news !== undefined) said.textContent = news; said.dataset.news = news }
  }
  said.dataset.news = part.querySelector('[data-said]')?.dataset.said ?? ''
  document.getElementById('live-reload')?.remove()
  addEventListener('visibilitychange', () => { if (!document.hidden) look() })
  again()
}
for (const form of document.querySelectorAll('form[method=post]'))
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
  })
addEventListener('pageshow', () => { for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent })
`
