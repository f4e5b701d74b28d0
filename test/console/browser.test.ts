import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startSandbox } from '../../src/sandbox/index.ts'
import { keyOf } from '../access/caller.ts'
import { open, openChromium, skip, violations } from '../browser/chromium.ts'
import { bySql, leaver } from '../support/leaver.ts'
import { firstKey, startLocksmith } from '../support/locksmith.ts'
import { databaseOf } from '../support/nextcloud-database.ts'
import { plantCampaign, plantPeople } from '../support/planted-campaign.ts'

const phone: BrowserContextOptions = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true }

t.test('the console in a real browser', { skip }, async (t) => {
  const nextcloud = await startSandbox()
  t.teardown(() => nextcloud.close())
  const database = await databaseOf(t, nextcloud)
  const locksmith = await startLocksmith(t, {
    sandbox: nextcloud,
    ways: () => bySql(database),
    env: { BRAKE_LOCK_OUTS: '2', BRAKE_PERCENT: '0' }
  })
  const { url, call, sandbox, world } = locksmith
  const lea = leaver(sandbox)
  const long = `${'Maximiliane-Wilhelmine '.repeat(4)}<b>`
  sandbox.createUser({ id: 'x'.repeat(60), password: 'Old-Password-4711', email: null, displayName: long })
  for (const id of ['anna', 'bert', 'carla'])
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@acme.example` })
  const campaign = await plantCampaign(world.pool)
  await plantPeople(world.pool, campaign, [
    { userId: 'anna', state: 'confirmed' },
    { userId: 'bert', displayName: long }
  ])
  const browser = await openChromium(t)

  t.test('sign in, find the leaver, look, off-board, and see it done live', async (t) => {
    const { page, complaints } = await open(t, browser, { viewport: { width: 1200, height: 800 } })
    await signIn(page, url, firstKey)
    await page.getByText('Live. Last heard').waitFor()
    await page.getByRole('link', { name: 'People', exact: true }).click()
    await page.getByLabel('Id, name or address').fill('lea')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'lea', exact: true }).click()
    await page.getByRole('link', { name: 'Off-board', exact: true }).click()
    await page.getByLabel('Why').fill('has left')
    await page.getByRole('button', { name: 'Show what would happen' }).click()
    await page.getByText('It would begin at once').waitFor()
    t.ok(lea.alive().length > 0, 'by looking nothing was changed')
    await page.getByRole('button', { name: 'Off-board lea now' }).click()
    await page.getByText('It is over: nothing more will change here by itself.').waitFor()
    await page.locator('.note').getByText('Done').first().waitFor()
    t.same(lea.alive(), [])
    t.same(complaints, [], 'nothing in it is against the policy')
  })

  t.test(
    'what is too much for one person a second one decides, by keyboard alone and without script',
    async (t) => {
      const asker = await keyOf(locksmith, ['admin'], { owner: 'asker' })
      for (const id of ['anna', 'bert', 'carla']) await call('POST', `/users/${id}/disable`, asker)
      const since = new Date(Date.now() - 40 * 86_400_000)
      const second = await keyOf(locksmith, ['approvals:decide', 'users:read'], { owner: 'second', since })
      const { page } = await open(t, browser, {
        javaScriptEnabled: false,
        viewport: { width: 1200, height: 800 }
      })
      await page.goto(`${url}/console`)
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key)
      }
      await press('Tab', 'Tab')
      await page.keyboard.type(second.key)
      await press('Enter')
      await page.getByRole('heading', { name: 'Overview' }).waitFor()
      await page.getByRole('link', { name: 'Reload' }).waitFor()
      await page.getByRole('link', { name: /^Disable: \d user/ }).press('Enter')
      await page.getByRole('link', { name: 'Approve…' }).press('Enter')
      await page.getByText('on the list').waitFor()
      await page.getByLabel('Why').focus()
      await page.keyboard.type('agreed')
      await press('Tab', 'Enter')
      await page.getByText('Approved', { exact: true }).waitFor()
      t.match((await call('GET', '/approvals')).body.items, [{ state: 'approved', reason: 'agreed' }])
    }
  )

  t.test('what is not live says so', async (t) => {
    const { page } = await open(t, browser, {})
    await signIn(page, url, firstKey)
    await page.getByText('Live. Last heard').waitFor()
    await page.route('**/console/live', (route) => route.abort())
    await page.getByText('Not live: Locksmith does not answer.').waitFor()
    await page.unroute('**/console/live')
    await page.getByText('Live. Last heard').waitFor()
    await page.context().clearCookies()
    await page.getByText('You are signed out').waitFor()
  })

  t.test('each page can be read by everybody, on a phone as well, light and dark', async (t) => {
    const { items } = (await call('GET', '/operations?limit=1')).body
    const [approval] = (await call('GET', '/approvals')).body.items
    const [key] = (await call('GET', '/keys')).body.items
    const [event] = (await call('GET', '/audit?limit=1')).body.items
    const operation = `/console/operations/${items[0].id}`
    const ofCampaign = `/console/campaigns/${campaign.campaignId}`
    const paths = [
      '/console',
      '/console/people?search=a',
      '/console/people/lea',
      `/console/people/${'x'.repeat(60)}`,
      '/console/people/lea/offboard',
      '/console/operations',
      operation,
      '/console/approvals',
      `/console/approvals/${approval.id}`,
      '/console/campaigns',
      ofCampaign,
      `${ofCampaign}/extend`,
      `${ofCampaign}/people/bert/vouch`,
      '/console/audit',
      `/console/audit/${event.seq}`,
      '/console/doctor',
      '/console/keys',
      `/console/keys/${key.id}`,
      '/console/keys/new',
      '/console/stop',
      '/console/undo',
      '/console/nowhere'
    ]
    const dark = ['/console', '/console/people/lea', operation, ofCampaign, '/console/keys/new']
    const { page } = await open(t, browser, phone)
    await page.goto(`${url}/console/sign-in`)
    await judge(t, page, 'sign in')
    await signIn(page, url, firstKey)
    for (const path of paths) {
      await page.goto(url + path)
      // All are dressed by one style: these have every part of it.
      await judge(t, page, path, dark.includes(path))
    }
    await page.goto(`${url}/console/people/anna/enable`)
    await page.getByRole('button', { name: 'Show what would happen' }).click()
    await page.getByRole('heading', { name: 'What would happen' }).waitFor()
    await judge(t, page, 'a dry run')
    await page.setViewportSize({ width: 1600, height: 900 })
    for (const path of ['/console', ofCampaign, operation]) {
      await page.goto(url + path)
      t.same(await violations(page), [], `${path}, wide`)
    }
  })
})

async function judge(t: Test, page: Page, name: string, inDark = true): Promise<void> {
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, `${name}: not sideways`)
  await page.emulateMedia({ colorScheme: 'light' })
  t.same(await violations(page), [], name)
  if (!inDark) return
  await page.emulateMedia({ colorScheme: 'dark' })
  t.same(await violations(page, ['color-contrast']), [], `${name}, dark`)
}

async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(`${url}/console/sign-in`)
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}
