import type { BrowserContextOptions } from 'playwright-core'
import t from 'tap'
import { awayPage, unreadPage } from '../../src/confirm/plain.ts'
import { openStage, site } from '../confirm/stage.ts'
import { stateOf } from '../support/planted-campaign.ts'
import { open, openChromium, skip, violations } from './chromium.ts'

const phone: BrowserContextOptions = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true }
const long = 'Maximiliane-Wilhelmine Freifrau von Schwarzenberg-Hohenlohe-Langenburg zu Sayn'

t.test('the confirm page in a real browser', { skip }, async (t) => {
  const setStage = await openStage(t)
  const browser = await openChromium(t)

  t.test('opening the link 50 times changes nothing, and one click confirms', async (t) => {
    const { url, linkOf, answers, world } = await setStage([{ userId: 'alice', displayName: 'Alice Archer' }])
    const link = url + (await linkOf('alice'))
    const { page, complaints } = await open(t, browser, {})
    const before = await stateOf(world.pool)
    for (let n = 0; n < 50; n++) await page.goto(link)
    t.equal(await stateOf(world.pool), before)
    await page.getByRole('button', { name: 'I still need access', exact: true }).click()
    await page.getByRole('heading', { name: 'your answer is recorded' }).waitFor()
    t.match(await answers(), [{ state: 'confirmed', answered_by: 'self' }])
    t.equal(page.url(), `${url}/confirm/thanks?answer=confirmed&language=en`, 'the address has no token')
    await page.reload()
    await page.goBack()
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor()
    t.equal((await answers()).length, 1)
    t.match(complaints, [/404 \(Not Found\)/], 'of the dead link, and nothing else')
  })

  t.test('without scripts and by keyboard alone a person can leave, in two steps', async (t) => {
    const { url, linkOf, answers } = await setStage([{ userId: 'bert', language: 'de' }])
    const { page } = await open(t, browser, { javaScriptEnabled: false })
    await page.goto(url + (await linkOf('bert')))
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'wirklich nicht mehr' }).waitFor()
    t.strictSame(await answers(), [])
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'Brauchen Sie Ihren Zugang noch?' }).waitFor()
    t.strictSame(await answers(), [], 'and can turn back')
    for (const key of ['Tab', 'Tab', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'Ja, ich brauche ihn nicht mehr' }).press('Enter')
    await page.getByText('War das ein Versehen?').waitFor()
    t.match(await answers(), [{ state: 'left', answered_by: 'self' }])
  })

  t.test('a contact answers for one after the other', async (t) => {
    const people = ['Alice Archer', 'Bert Brandt', 'Carla Cole']
    const { url, contactLink, answers } = await setStage(
      people.map((displayName) => ({ userId: displayName, displayName, contact: 0 })),
      'en'
    )
    const { page, complaints } = await open(t, browser, phone)
    await page.goto(url + (await contactLink()))
    await page.getByRole('button', { name: 'Still works here Bert Brandt' }).tap()
    await page.getByText('Recorded: the person still works here.').waitFor()
    await page.getByRole('button', { name: 'Has left Alice Archer' }).tap()
    await page.getByRole('heading', { name: 'Has Alice Archer really left?' }).waitFor()
    await page.getByRole('button', { name: 'Yes, has left' }).tap()
    await page.getByText('Recorded: the person has left.').waitFor()
    t.strictSame(await page.locator('main h2').allInnerTexts(), ['Carla Cole'])
    t.match(await answers(), [{ state: 'vouched' }, { state: 'left' }])
    t.strictSame(complaints, [])
  })

  for (const language of ['en', 'de'] as const)
    t.test(
      `each page can be read by everybody, on a phone as well, light and dark: ${language}`,
      async (t) => {
        const { url, linkOf, contactLink } = await setStage(
          Array.from({ length: 55 }, (_, n) => ({
            userId: `${n === 0 ? 'x'.repeat(60) : 'user'}${n}`,
            displayName: `${long} ${n}`,
            language,
            overAt: '2099-01-12 14:05+00',
            contact: 0
          })),
          language
        )
        const person = await linkOf(`${'x'.repeat(60)}0`)
        const contact = await contactLink()
        const paths = {
          asked: person,
          sure: `${person}?answer=left`,
          confirmed: `/confirm/thanks?answer=confirmed&language=${language}`,
          left: `/confirm/thanks?answer=left&language=${language}`,
          dead: '/confirm/none',
          list: `${contact}?said=vouched`,
          more: `${contact}?after=user54`,
          'sure of a colleague': `${contact}?left=user1`
        }
        const { page } = await open(t, browser, { ...phone, locale: language })
        const judge = async (name: string) => {
          t.equal(await page.evaluate('document.documentElement.lang'), language, name)
          t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, `${name}: not sideways`)
          const low = await page
            .locator('button, .button')
            .evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().height < 48).length)
          t.equal(low, 0, `${name}: whatever is pressed is large enough for a thumb`)
          await page.emulateMedia({ colorScheme: 'light' })
          t.strictSame(await violations(page), [], name)
          await page.emulateMedia({ colorScheme: 'dark' })
          t.strictSame(await violations(page, ['color-contrast']), [], `${name}, dark`)
        }
        for (const [name, path] of Object.entries(paths)) {
          await page.goto(url + path)
          await judge(name)
        }
        for (const { html, status } of [unreadPage(400, site, language), awayPage(503, site, language)]) {
          await page.setContent(html)
          await judge(String(status))
        }
      }
    )
})
