import { existsSync } from 'node:fs'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why the tests of this folder cannot run here, if so. In CI they always run: a browser that is lacking fails them. */
export const skip =
  !existsSync(executablePath) &&
  process.env.CI !== 'true' &&
  `no Chromium at ${executablePath} (CHROMIUM names another)`

/** A headless Chromium that asks nobody for anything by itself; gone after the test. */
export async function openChromium(t: Test, ...args: string[]): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args
    ]
  })
  t.teardown(() => browser.close())
  return browser
}

/** A page of its own, and what the browser has against it. */
export async function open(t: Test, browser: Browser, options: BrowserContextOptions) {
  const context = await browser.newContext(options)
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

/** By axe-core. @param rules default: every one that it has, best practices included */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(axe.source)
  const options = rules ? `{ runOnly: ${JSON.stringify(rules)} }` : ''
  const found = (await page.evaluate(`axe.run(${options})`)) as AxeResults
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
}
