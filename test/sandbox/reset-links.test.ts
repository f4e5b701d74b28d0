import t from 'tap'
import {
  askForMail,
  call,
  createAnn,
  fresh,
  newestLink,
  ocs,
  password,
  putUser,
  sandboxFor
} from './client.ts'

const address = 'ann@acme.example'

t.test('the link sets a new password once and revokes nothing (fact 1)', async (t) => {
  const sandbox = await sandboxFor(t)
  const { browser, app } = createAnn(sandbox)
  await askForMail(sandbox, 'ann')
  const link = newestLink(sandbox, address)
  t.strictSame(sandbox.completeReset(link, 'abc'), {
    ok: false,
    message:
      'Password is among the 1,000,000 most common ones. Please make it unique. Password needs to be at least 10 characters long.'
  })
  t.strictSame(sandbox.completeReset(link, fresh), { ok: true, message: '' })
  t.equal(sandbox.tryCredential({ user: 'ann', password: fresh }), 200)
  t.equal(sandbox.tryCredential(browser), 200)
  t.equal(sandbox.tryCredential(app), 200)
  t.strictSame(sandbox.completeReset(link, password), {
    ok: false,
    message: 'Could not reset password because the token is invalid'
  })
})

t.test("an admin's new password kills a pending link from 33 on, not on 31 (fact 11)", async (t) => {
  for (const version of [31, 33, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    createAnn(sandbox)
    await askForMail(sandbox, 'ann')
    await putUser(sandbox, 'ann', 'password', fresh)
    t.equal(
      sandbox.completeReset(newestLink(sandbox, address), 'Thieves-Secret-1x').ok,
      version === 31,
      `${version}`
    )
  }
})

for (const [what, act] of Object.entries<(sandbox: Awaited<ReturnType<typeof sandboxFor>>) => unknown>({
  'a form login': (sandbox) => sandbox.loginAsPerson('ann', password),
  'a newer mail': (sandbox) => askForMail(sandbox, 'ann'),
  'another address': (sandbox) => putUser(sandbox, 'ann', 'email', 'mallory@elsewhere.example')
})) {
  t.test(`${what} kills the link (fact 4)`, async (t) => {
    const sandbox = await sandboxFor(t)
    createAnn(sandbox)
    await askForMail(sandbox, 'ann')
    const link = newestLink(sandbox, address)
    await act(sandbox)
    t.match(sandbox.completeReset(link, fresh).message, 'the token is invalid')
  })
}

t.test(
  'a use of an app password more than a minute after the last log-in expires the link (fact 4)',
  async (t) => {
    const sandbox = await sandboxFor(t)
    const { app } = createAnn(sandbox)
    await askForMail(sandbox, 'ann')
    sandbox.advanceClock(50)
    sandbox.tryCredential(app)
    t.equal(sandbox.nextcloud.users.get('ann')?.pendingLink?.createdAt !== undefined, true)
    sandbox.advanceClock(20)
    sandbox.tryCredential(app)
    t.match(sandbox.completeReset(newestLink(sandbox, address), fresh).message, 'the token is expired')
  }
)

t.test('a link lives seven days', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  await askForMail(sandbox, 'ann')
  sandbox.advanceClock(7 * 24 * 3600 + 1)
  t.match(sandbox.completeReset(newestLink(sandbox, address), fresh).message, 'the token is expired')
})

t.test('a link of a disabled user does nothing, and works again once enabled', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  await askForMail(sandbox, 'ann')
  sandbox.updateUser('ann', { enabled: false })
  t.notOk(sandbox.completeReset(newestLink(sandbox, address), fresh).ok)
  sandbox.updateUser('ann', { enabled: true })
  t.ok(sandbox.completeReset(newestLink(sandbox, address), fresh).ok)
})

t.test('"success" is said always, whether there is a mail or not (fact 3)', async (t) => {
  for (const version of [31, 33, 34] as const) {
    const sandbox = await sandboxFor(t, { version, settings: { allowListed: true } })
    sandbox.createUser({ id: 'one', email: 'shared@acme.example' })
    sandbox.createUser({ id: 'two', email: 'shared@acme.example' })
    sandbox.createUser({ id: 'off', email: 'off@acme.example', enabled: false })
    sandbox.createUser({ id: 'bare' })
    for (const input of ['nobody', 'bare', 'off', 'off@acme.example']) {
      t.strictSame((await askForMail(sandbox, input)).data, { status: 'success' }, input)
    }
    t.equal(sandbox.mails().length, 0)
    await askForMail(sandbox, 'shared@acme.example')
    t.equal(sandbox.linksOf('one').length, version === 31 ? 0 : 1, 'from 33 on one of them gets it')
    await askForMail(sandbox, 'two')
    t.equal(sandbox.linksOf('two').length, 1, 'by user id a shared address works')
    const before = sandbox.mails().length
    sandbox.settings({ mailServerDown: true })
    t.strictSame((await askForMail(sandbox, 'one')).data, { status: 'success' })
    t.equal(sandbox.mails().length, before)
  }
})

t.test('notify_email gets the mail where it is set (fact 14)', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  sandbox.updateUser('ann', { notifyEmail: 'private@home.example' })
  await askForMail(sandbox, 'ann')
  t.strictSame(
    sandbox.mails().map(({ to }) => to),
    [['private@home.example']]
  )
})

t.test('a switched off password reset and an overlong input are errors', async (t) => {
  const sandbox = await sandboxFor(t)
  t.match((await askForMail(sandbox, 'x'.repeat(256))).text, String.raw`Unsupported email length (\u003E255)`)
  sandbox.settings({ passwordResetEnabled: false })
  t.strictSame((await askForMail(sandbox, 'ann')).data, {
    status: 'error',
    msg: 'Password reset is disabled'
  })
})

t.test('a mail says that the password changed, to those who ever logged in (fact 13)', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'new', email: 'new@acme.example' })
  createAnn(sandbox)
  await putUser(sandbox, 'new', 'password', fresh)
  await putUser(sandbox, 'ann', 'password', fresh)
  t.strictSame(
    sandbox.mails().map(({ subject }) => subject),
    ['Password for ann changed on Nextcloud']
  )
})

t.test('creating a user with an address mails a welcome without a reset link', async (t) => {
  const sandbox = await sandboxFor(t)
  await call(sandbox, 'POST', `${ocs}/cloud/users`, {
    as: sandbox.admin,
    form: { userid: 'new', password, email: 'new@acme.example' }
  })
  const [mail] = sandbox.mails({ to: 'new@acme.example' })
  t.equal(mail?.subject, 'Your Nextcloud account was created')
  t.notMatch(mail?.text, 'lostpassword')
})
