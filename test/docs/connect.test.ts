import { readFileSync } from 'node:fs'
import t from 'tap'
import { readConfig } from '../../src/config.ts'

const guide = readFileSync(new URL('../../docs/CONNECT.md', import.meta.url), 'utf8')

t.test('the settings of the guide to connect a Nextcloud are settings, and fit together', async (t) => {
  const blocks = [...guide.matchAll(/^```env\n([\s\S]*?)^```/gm)].map(([, text]) => text!)
  t.ok(blocks.length >= 4)
  let all: Record<string, string> = { WEBHOOK_ENCRYPTION_KEY: '' }
  for (const block of blocks) {
    const given = Object.fromEntries(
      block
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s).slice(0, 2))
    ) as Record<string, string>
    // Its file is not here: what it would hold is.
    if (given.NEXTCLOUD_ADMIN_PASSWORD_FILE) {
      given.NEXTCLOUD_ADMIN_PASSWORD = 'from the file'
      delete given.NEXTCLOUD_ADMIN_PASSWORD_FILE
    }
    all = { ...all, ...given }
    t.doesNotThrow(() => readConfig(all), block)
  }
  const { nextcloud, appApi } = readConfig(all)
  t.match(nextcloud, {
    url: { href: 'http://nextcloud/' },
    publicUrl: { href: 'https://cloud.example.org/' }
  })
  t.match(appApi, { id: 'locksmith', version: '1.0.0' })
})
