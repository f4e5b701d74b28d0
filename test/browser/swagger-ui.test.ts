import type { Browser, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { firstKey, startLocksmith } from '../support/locksmith.ts'
import { openChromium, skip } from './chromium.ts'

/** Drawing them all takes a minute, and they look alike: in CI those of two tags, others as soon as one is added. */
const isMeant = (n: number, all: number) => process.env.SAMPLES === 'all' || n % 6 === all % 6

t.test('Swagger UI in a real browser', { skip }, async (t) => {
  const { url, sandbox } = await startLocksmith(t, { sandbox: { seed: true } })
  const browser = await openChromium(t, '--host-resolver-rules=MAP locksmith.test 127.0.0.1')

  t.test('a newcomer authorizes, executes the reset of alice, sees 202 and what became of it', async (t) => {
    const { page, complaints, elsewhere } = await visit(t, browser, url)
    t.equal(page.url(), `${url}/docs`, 'the root leads to the docs')
    t.equal(await page.title(), 'Locksmith API')
    await authorize(page, firstKey)

    const reset = await open(page, 'operations-users-resetUser')
    t.equal(await reset.getByPlaceholder('userId').inputValue(), 'alice', 'there is somebody to try it with')
    const accepted = await execute(reset)
    t.equal(accepted.status, '202')
    const operation = JSON.parse(accepted.body)
    t.match(operation, { kind: 'reset', userId: 'alice', reason: 'phone lost' })
    t.match(accepted.headers, `location: /operations/${operation.id}`)

    const get = await open(page, 'operations-operations-getOperation')
    await get.getByPlaceholder('operationId').fill(operation.id)
    await get.getByPlaceholder('prefer').fill('wait=20')
    const finished = await execute(get)
    t.equal(finished.status, '200')
    t.match(JSON.parse(finished.body), {
      id: operation.id,
      state: 'succeeded',
      outcome: { revoked: { sessions: 2, appPasswords: 3 }, remaining: 0, mail: { delivery: 'requested' } }
    })
    const mails = sandbox.mails({ to: 'alice@acme.example' })
    t.equal(mails.filter(({ text }) => text.includes('/lostpassword/reset/')).length, 1, 'one reset mail')

    t.strictSame(await complaints(), [], 'nothing in the console, and nothing against the policy')
    t.strictSame(elsewhere, [], 'nobody else was asked for anything')
  })

  t.test('after a reload the key is still there, and the link leads to the same operation', async (t) => {
    const { page, complaints } = await visit(t, browser, url)
    await authorize(page, firstKey)
    await open(page, 'operations-users-getUser')
    t.match(page.url(), /#\/users\/getUser$/)
    await page.reload()
    const user = page.locator('#operations-users-getUser')
    const answer = await execute(user)
    t.equal(answer.status, '200')
    t.match(JSON.parse(answer.body), { id: 'alice', displayName: 'Alice Archer' })
    t.strictSame(await complaints(), [])
  })

  t.test('without a key the page shows the 401 problem, and nothing is reset', async (t) => {
    const { page, complaints, elsewhere } = await visit(t, browser, url)
    const before = sandbox.mails().length
    const answer = await execute(await open(page, 'operations-users-resetUser'))
    t.match(answer.status, /^401/)
    t.match(JSON.parse(answer.body), { type: '/problems/unauthorized', status: 401 })
    t.match(answer.headers, 'content-type: application/problem+json')
    t.equal(sandbox.mails().length, before)
    t.match(await complaints(), [/401 \(Unauthorized\)/], 'which Chromium itself notes, and nothing else')
    t.strictSame(elsewhere, [])
  })

  t.test('every operation opens, also on a phone, and none is wider than the screen', async (t) => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, colorScheme: 'dark' as const }
    const { page, complaints } = await visit(t, browser, url, phone)
    const tags = await page.locator('.opblock-tag').all()
    const count = await page.locator('.opblock').count()
    const meant = tags.filter((_, n) => isMeant(n, count))
    for (const tag of tags) await tag.click()
    await page.locator('.opblock').first().waitFor({ state: 'detached' })
    // One tag at a time: whatever is drawn is drawn again with each that opens.
    const ids: string[] = []
    for (const tag of meant) {
      await tag.click()
      const operations = page.locator('.opblock')
      await operations.first().waitFor()
      await page.evaluate(
        `document.querySelectorAll('.opblock-summary-control').forEach((each) => each.click())`
      )
      for (const operation of await operations.all()) await operation.locator('.responses-table').waitFor()
      ids.push(...(await operations.evaluateAll((all) => all.map(({ id }) => id.split('-').at(-1)!))))
      const wide = await operations.evaluateAll((all) =>
        all.filter(({ scrollWidth }) => scrollWidth > 390).map(({ id }) => id)
      )
      t.strictSame(wide, [])
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
      await tag.click()
      await operations.first().waitFor({ state: 'detached' })
    }
    const all = await operationIds(url)
    t.equal(count, all.length)
    t.ok(ids.length > 0 && ids.every((id) => all.includes(id)))
    if (meant.length === tags.length) t.equal(ids.length, all.length, 'all that there are')
    t.strictSame(await complaints(), [])
  })

  t.test('the page also works over plain HTTP from another machine', async (t) => {
    const { page, elsewhere } = await visit(t, browser, url.replace('127.0.0.1', 'locksmith.test'))
    const answer = await execute(await open(page, 'operations-service-ready'))
    t.equal(answer.status, '200')
    t.strictSame(elsewhere, [])
  })
})

async function operationIds(url: string): Promise<string[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>
  }
  return Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId)
  )
}

/** The page at the root of Locksmith; what the browser has against it, and whom else it asks. */
async function visit(
  t: Test,
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {}
) {
  const context = await browser.newContext(options)
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  const elsewhere: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(`${request.url()} ${request.failure()?.errorText}`))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol !== 'data:' && origin !== url) elsewhere.push(request.url())
  })
  await page.addInitScript(`
    window.violations = []
    addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI))
  `)
  await page.goto(url)
  await page.locator('.opblock').first().waitFor()
  return {
    page,
    elsewhere,
    complaints: async () => [...complaints, ...((await page.evaluate('violations')) as string[])]
  }
}

async function authorize(page: Page, key: string) {
  await page.getByRole('button', { name: 'Authorize', exact: true }).click()
  const dialog = page.locator('.modal-ux')
  await dialog.locator('input').fill(key)
  await dialog.locator('button.authorize').click()
  await dialog.locator('button.btn-done').click()
}

/** @param id `operations-<tag>-<operationId>` */
async function open(page: Page, id: string): Promise<Locator> {
  const operation = page.locator(`#${id}`)
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.opblock-body').waitFor()
  return operation
}

async function execute(operation: Locator) {
  await operation.locator('button.execute').click()
  const answer = operation.locator('.live-responses-table .response')
  await answer.waitFor()
  const [status = ''] = await answer.locator('.response-col_status').allInnerTexts()
  const [body = '', headers = ''] = await answer.locator('.response-col_description pre').allInnerTexts()
  return { status: status.trim(), body, headers }
}
