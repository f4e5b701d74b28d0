import { version } from '../version.ts'
import type { Surroundings } from './surroundings.ts'

/** What a person sees first: what runs where, and what to try. */
export function banner(
  { nextcloud, sandbox, embedded, firstKey, config }: Surroundings,
  address: string | undefined
): string {
  const lines = ['', `  Locksmith ${version}${address ? '' : ' (worker)'}`, '']
  const row = (name: string, value: string) => lines.push(`  ${name.padEnd(11)}${value}`)
  const url = address?.replace('127.0.0.1', 'localhost')
  if (url) row('API', `${url}/docs`)
  if (url && config.CONSOLE) row('Console', `${url}/console`)
  row(
    'Nextcloud',
    sandbox
      ? `SANDBOX, simulated: ${sandbox.url.replace('127.0.0.1', 'localhost')}/sandbox`
      : nextcloud.url.href
  )
  row('PostgreSQL', embedded ? 'embedded' : 'DATABASE_URL')
  // Only a key made for this start is shown; one that was configured is known to who configured it.
  if (url)
    row(
      'API key',
      firstKey && !config.LOCKSMITH_API_KEY
        ? firstKey
        : firstKey
          ? 'LOCKSMITH_API_KEY'
          : 'none: `locksmith host keys create`'
    )
  if (url && sandbox && !config.OUTBOUND_ALLOW)
    row('Webhooks', 'may also go to http://localhost and 127.0.0.1, in the sandbox alone')
  if (url && sandbox && firstKey)
    lines.push(
      ...tryThis(
        url,
        sandbox.url.replace('127.0.0.1', 'localhost'),
        config.LOCKSMITH_API_KEY ? '$LOCKSMITH_API_KEY' : firstKey
      )
    )
  return `${lines.join('\n')}\n\n`
}

const tryThis = (url: string, sandbox: string, key: string) => [
  '',
  '  Try: reset alice, and see what became of her sessions, app passwords and mail',
  '',
  `    curl -X POST ${url}/users/alice/reset -H 'Prefer: wait=20' \\`,
  `      -H "Authorization: Bearer ${key}"`,
  '',
  '  or in a second terminal (docs/CLI.md)',
  '',
  `    export LOCKSMITH_URL=${url} LOCKSMITH_API_KEY=${key}`,
  '    npm run -s locksmith -- reset alice',
  '',
  `  or in the browser: ${url}/console, with the key; or ${url}/docs → Authorize → POST /users/{userId}/reset,`,
  `  then look at ${sandbox}/sandbox (her devices and her mail).`
]
