import { escapeHtml } from '../http/html.ts'

/** The form of a reset link, for a person: it posts what Nextcloud's own page posts. */
export function resetForm(userId: string): string {
  return `<form id="reset">
	<h2>Reset password</h2>
	<p>for ${escapeHtml(userId)}</p>
	<label for="password">New password</label>
	<input id="password" name="password" type="password" autocomplete="new-password" required>
	<button>Reset password</button>
	<p role="status" aria-live="polite"></p>
</form>
<script>
const form = document.getElementById('reset')
const status = form.querySelector('[role=status]')
const target = JSON.parse(atob(document.getElementById('initial-state-core-resetPasswordTarget').value))
form.addEventListener('submit', async (event) => {
	event.preventDefault()
	const response = await fetch(new URL(target).pathname, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', requesttoken: document.head.dataset.requesttoken },
		body: JSON.stringify({ password: form.password.value, proceed: true })
	})
	const answer = await response.json().catch(() => ({ msg: 'The server answered ' + response.status }))
	if (answer.status === 'success') {
		form.innerHTML = '<h2>Password changed</h2><p><a href="/login">Log in with the new password</a></p>'
	} else {
		status.textContent = answer.msg || 'Could not reset the password'
	}
})
</script>`
}
