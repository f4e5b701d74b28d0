import { createTransport } from 'nodemailer'
import t from 'tap'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { askForMail, sandboxFor } from './client.ts'

const evil = '"><script>alert(1)</script>'

async function page(
  sandbox: Sandbox,
  path: string
): Promise<{ status: number; text: string; policy: string }> {
  const response = await fetch(sandbox.url + path)
  return {
    status: response.status,
    text: await response.text(),
    policy: response.headers.get('content-security-policy') ?? ''
  }
}

t.test('hostile names, addresses, devices, mails and calls show as text', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({
    id: evil,
    displayName: evil,
    email: evil,
    groups: [evil],
    backend: evil,
    twoFactor: [evil]
  })
  sandbox.createAppPassword(evil, evil)
  sandbox.openBrowserSession(evil, { userAgent: evil })
  await createTransport(sandbox.smtpUrl).sendMail({
    from: 'x@y.example',
    to: 'a@b.example',
    subject: evil,
    text: `${evil} https://x.example/"onclick="alert(1)`,
    html: `<a href="javascript:alert(1)">x</a>${evil}`
  })
  await fetch(`${sandbox.url}/index.php/${evil}`)
  for (const path of ['/sandbox', '/sandbox/mail/1']) {
    const { text, policy } = await page(sandbox, path)
    t.notMatch(text, evil, path)
    t.notMatch(text, /<a [^>]*(javascript:|onclick)/, path)
    t.match(policy, "default-src 'none'")
  }
  const reset = await page(sandbox, `/login?user=${encodeURIComponent(evil)}`)
  t.notMatch(reset.text, evil)
})

t.test('the overview shows users, mails with their links, and calls', async (t) => {
  const sandbox = await sandboxFor(t, { seed: true })
  await askForMail(sandbox, 'alice')
  const { status, text } = await page(sandbox, '/sandbox')
  t.equal(status, 200)
  for (const part of [
    'Alice Archer',
    'Thunderbird',
    'Firefox on Windows',
    'POST /index.php/lostpassword/email',
    '/sandbox/mail/1'
  ]) {
    t.match(text, part)
  }
  const link = sandbox.linkOf(sandbox.mails()[0]!)
  t.match((await page(sandbox, '/sandbox/mail/1')).text, `href="${link}"`)
  t.match((await page(sandbox, new URL(link ?? '').pathname)).text, 'New password')
  t.equal((await page(sandbox, '/sandbox/mail/9')).status, 404)
})
