import { createServer } from 'node:net'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { verifyBouncesOf } from '../../src/doctor/gather.ts'
import { of, startDoctor } from '../support/doctor.ts'

/** A server that takes connections and says nothing. */
async function silentServer(t: Test): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as { port: number }).port
}

const configWith = (mailbox: string) =>
  readConfig({ BOUNCE_ADDRESS: 'bounces@example.org', BOUNCE_IMAP_URL: mailbox })

t.test('without a mailbox it is said what to set', async (t) => {
  const { look } = await startDoctor(t)
  t.match(of(await look(), 'bounce-mailbox'), {
    state: 'skipped',
    found: /BOUNCE_IMAP_URL is not set/,
    mend: /BOUNCE_ADDRESS and BOUNCE_IMAP_URL/
  })
})

t.test('a mailbox that lets us in is well', async (t) => {
  const { look } = await startDoctor(t)
  const config = configWith('imaps://bounces:pw@mail.example.org')
  const finding = of(await look({ config, verifyBounces: async () => {} }), 'bounce-mailbox')
  t.match(finding, { state: 'ok', found: /mailbox of bounces@example\.org can be reached/ })
})

t.test('what is wrong with it is said in words of ours, without its password', async (t) => {
  const { look } = await startDoctor(t)
  const refused = Object.assign(new Error('LOGIN bounces hunter2'), { authenticationFailed: true })
  const report = await look({ verifyBounces: () => Promise.reject(refused) })
  t.match(of(report, 'bounce-mailbox'), {
    state: 'warning',
    found: /refuses the user or password/,
    mend: /right user and password/
  })
  t.notMatch(JSON.stringify(report), /hunter2/)

  const away = verifyBouncesOf(configWith('imaps://bounces:hunter2@127.0.0.1:1'))
  const finding = of(await look({ verifyBounces: away }), 'bounce-mailbox')
  t.match(finding, { state: 'warning', found: /does not answer \(ECONNREFUSED\)/, mend: /can be reached/ })
})

t.test('a password is not sent where there is no TLS', async (t) => {
  const { look } = await startDoctor(t)
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n')
    socket.on('data', (data) => {
      heard.push(data.toString())
      const [tag, command] = data.toString().split(' ')
      if (command?.trim() === 'CAPABILITY') socket.write('* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n')
      socket.write(`${tag} OK done\r\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const verifyBounces = verifyBouncesOf(configWith(`imap://bounces:hunter2@127.0.0.1:${port}`))
  const finding = of(await look({ verifyBounces }), 'bounce-mailbox')
  t.match(finding, { state: 'warning', found: /no TLS that can be trusted/ })
  t.notMatch(heard.join(''), /LOGIN|AUTHENTICATE|hunter2/i)
})

t.test('one that hangs keeps nobody waiting', { timeout: 40_000 }, async (t) => {
  const { look } = await startDoctor(t)
  const port = await silentServer(t)
  const verifyBounces = verifyBouncesOf(configWith(`imap://bounces:pw@127.0.0.1:${port}`))
  const began = performance.now()
  t.match(of(await look({ verifyBounces }), 'bounce-mailbox'), { state: 'warning' })
  t.ok(performance.now() - began < 12_000)
})
