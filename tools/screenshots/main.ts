/**
 * `npm run screenshots`: starts the demo, looks at it with a headless Chromium as customers would, and writes what is
 * seen to docs/screenshots. CHROMIUM names another browser. Names of pictures as arguments: those alone.
 */
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { startDemo } from './demo.ts'

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
const wide: BrowserContextOptions = { viewport: { width: 1200, height: 800 } }
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 1.5,
  isMobile: true,
  hasTouch: true
}
/** GitHub shows pages wider than this smaller anyway. */
const mostBytes = 150_000

const wanted = process.argv.slice(2)
const demo = await startDemo()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars']
})
try {
  await shootAll(browser)
} finally {
  await browser.close()
  await demo.stop()
}

async function shootAll(browser: Browser): Promise<void> {
  const { url, keys, leaver, campaignId, invitation } = demo
  const shoot = async (name: string, page: Page, fullPage = false) => {
    if (wanted.length > 0 && !wanted.includes(name)) return
    const path = `${folder}${name}.png`
    await page.screenshot({ path, fullPage, animations: 'disabled' })
    const { size } = statSync(path)
    process.stdout.write(
      `${name}.png ${Math.round(size / 1_000)} kB${size > mostBytes ? ': TOO LARGE' : ''}\n`
    )
    if (size > mostBytes) process.exitCode = 1
  }
  const signIn = async (key: string, options: BrowserContextOptions) => {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(`${url}/console`)
    if (key === keys.anna && options === wide) await shoot('console-sign-in', page)
    await page.getByLabel('API key').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    return page
  }

  const anna = await signIn(keys.anna, wide)
  await anna.goto(`${url}/console/people/${leaver}`)
  await shoot('console-person', anna)
  await anna.getByRole('link', { name: 'Off-board', exact: true }).click()
  await anna.getByLabel('Why').fill('Left Meridian Logistics on Friday')
  await anna.getByLabel('Delete public links').check()
  await anna.getByRole('button', { name: 'Show what would happen' }).click()
  await anna.getByRole('heading', { name: 'What would happen' }).waitFor()
  await shoot('console-dry-run', anna)
  await anna.getByRole('button', { name: 'now' }).click()
  await anna.getByText('Every step is done').first().waitFor()
  await shoot('console-done', anna)
  const approvalId = await demo.manyAtOnce()
  await anna.goto(`${url}/console`)
  await anna.getByText('Live. Last heard').waitFor()
  await shoot('console-overview', anna)
  if (demo.troubled) {
    await anna.goto(`${url}/console/operations/${demo.troubled}`)
    await shoot('console-operation', anna)
  }
  await anna.goto(`${url}/console/campaigns/${campaignId}`)
  await shoot('console-campaign', anna)
  await anna.goto(`${url}/console/doctor`)
  await shoot('console-doctor', anna)

  const tom = await signIn(keys.tom, { ...wide, colorScheme: 'dark' })
  await tom.goto(`${url}/console/approvals/${approvalId}/approve`)
  await shoot('console-approval-dark', tom)
  await tom.goto(`${url}/console/audit`)
  await shoot('console-audit-dark', tom)

  const mobile = await signIn(keys.anna, phone)
  await shoot('console-overview-phone', mobile)
  await mobile.goto(`${url}/console/people/${leaver}`)
  await shoot('console-person-phone', mobile)

  const person = await (await browser.newContext(phone)).newPage()
  await person.goto(invitation.link)
  await shoot('confirm-page', person)
  const mail = await (await browser.newContext({ viewport: { width: 700, height: 616 } })).newPage()
  await mail.setContent(invitation.html)
  await shoot('invitation-mail', mail)
  await anna.goto(`${url}/console/campaigns/${campaignId}/report`)
  await anna.emulateMedia({ media: 'print' })
  await anna.setViewportSize({ width: 1120, height: 790 })
  await shoot('report', anna)
}
