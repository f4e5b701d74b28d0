import http from 'node:http'
import t from 'tap'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { createAnn, newestLink, sandboxFor } from './client.ts'

/** Like fetch, but lets the caller say another Host. */
function ask(
  sandbox: Sandbox,
  host: string,
  headers: Record<string, string> = {}
): Promise<{ status: number; text: string; type: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${sandbox.url}/index.php/lostpassword/email`,
      {
        method: 'POST',
        headers: {
          host,
          'OCS-APIRequest': 'true',
          'Content-Type': 'application/x-www-form-urlencoded',
          ...headers
        }
      },
      async (response) => {
        const text = (await response.toArray()).join('')
        resolve({ status: response.statusCode ?? 0, text, type: response.headers['content-type'] ?? '' })
      }
    )
    request.on('error', reject).end('user=ann')
  })
}

t.test('the link carries the host by which the caller reached Nextcloud (fact 10)', async (t) => {
  const sandbox = await sandboxFor(t, { trustedDomains: ['cloud.example.com', 'nextcloud'] })
  createAnn(sandbox)
  await ask(sandbox, 'nextcloud')
  t.match(
    newestLink(sandbox, 'ann@acme.example'),
    /^http:\/\/nextcloud\/lostpassword\/reset\/form\/\w{21}\/ann$/
  )
  await ask(sandbox, 'cloud.example.com')
  t.match(newestLink(sandbox, 'ann@acme.example'), /^http:\/\/cloud\.example\.com\//)
})

t.test('X-Forwarded-Proto counts from a trusted proxy only', async (t) => {
  const sandbox = await sandboxFor(t, { trustedDomains: ['cloud.example.com'] })
  createAnn(sandbox)
  await ask(sandbox, 'cloud.example.com', { 'X-Forwarded-Proto': 'https' })
  t.match(newestLink(sandbox, 'ann@acme.example'), /^http:/)
  sandbox.settings({ trustedProxies: ['127.0.0.1'] })
  await ask(sandbox, 'cloud.example.com', { 'X-Forwarded-Proto': 'https' })
  t.match(newestLink(sandbox, 'ann@acme.example'), /^https:/)
})

t.test('overwritehost and overwriteprotocol decide over both', async (t) => {
  const sandbox = await sandboxFor(t, {
    settings: { overwriteHost: 'public.example', overwriteProtocol: 'https' }
  })
  createAnn(sandbox)
  await ask(sandbox, 'localhost')
  t.match(newestLink(sandbox, 'ann@acme.example'), /^https:\/\/public\.example\//)
})

t.test('an untrusted host gets a page that says so, even where JSON was asked for', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  const answer = await ask(sandbox, 'evil.example', { Accept: 'application/json' })
  t.equal(answer.status, 400)
  t.match(answer.type, 'text/html')
  t.match(answer.text, 'Access through untrusted domain')
  t.equal(sandbox.mails().length, 0)
})
