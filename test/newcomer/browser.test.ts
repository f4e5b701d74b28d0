import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { open, openChromium, skip } from '../browser/chromium.ts'
import { eventually } from '../support/locksmith.ts'
import { codeOf, invitations, npmStart } from './service.ts'

t.test(
  'a newcomer comes from the README to a locked-out leaver, a finished campaign and its printed report, in a browser',
  { skip, timeout: 500_000 },
  async (t) => {
    const service = await npmStart(t)
    const { banner, key, url, sandboxUrl, filledIn } = service
    const browser = await openChromium(t)
    const { page } = await open(t, browser, { viewport: { width: 1200, height: 800 } })

    const [console] = /http:\S+\/console/.exec(banner)!
    await page.goto(console)
    await page.getByLabel('API key').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: 'People', exact: true }).click()
    await page.getByLabel('Id, name or address').fill('bob')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'bob', exact: true }).click()
    await page.getByRole('link', { name: 'Off-board', exact: true }).click()
    await page.getByLabel('Why').fill('has left')
    await page.getByRole('button', { name: 'Show what would happen' }).click()
    await page.getByRole('button', { name: 'Off-board bob now' }).click()
    await page.getByText('It is over: nothing more will change here by itself.').waitFor()
    await page.locator('.note').getByText('Done').first().waitFor()

    const folder = t.testdir()
    writeFileSync(join(folder, 'acme.json'), codeOf('docs/CAMPAIGNS.md', 'json', 'Acme, autumn'))
    const curl = filledIn(codeOf('docs/CAMPAIGNS.md', 'sh', 'curl -X POST'))
    await promisify(execFile)('bash', ['-c', curl], { cwd: folder })
    await page.getByRole('link', { name: 'Campaigns', exact: true }).click()
    await page.getByRole('link', { name: 'Acme, autumn' }).click()
    await page.getByRole('link', { name: 'Start…' }).click()
    await page.getByRole('button', { name: 'Start now' }).click()
    const ofCampaign = page.url()

    for (const { number } of await invitations(service, ['alice', 'grace'])) {
      await page.goto(`${sandboxUrl}/sandbox/mail/${number}`)
      await page.getByRole('link', { name: 'Open the link' }).click()
      await page.getByRole('button', { name: /still need/ }).click()
      await page.getByRole('heading', { name: 'Thank you, your answer is recorded' }).waitFor()
    }

    await eventually(
      async () => {
        await page.goto(ofCampaign)
        return page.textContent('main')
      },
      (text) => /Closed|Over/.test(text ?? ''),
      120
    )
    await page.getByRole('link', { name: /^The report of round 1/ }).click()
    const report = (await page.textContent('body')) ?? ''
    for (const words of ['Acme, autumn', 'alice@acme.example', 'grace@acme.example']) t.match(report, words)
    const printed = await page.pdf({ format: 'A4' })
    t.match(printed.subarray(0, 5).toString(), '%PDF-')
    t.match(await service.ask('GET', '/campaigns', { authorization: `Bearer ${key}` }), {
      body: { items: [{ state: 'ended', round: { counts: { confirmed: 2 } } }] }
    })
    t.match(url, /^http:/)
    await service.stop()
  }
)
