import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
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
