import { createServer } from 'node:http'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { of, startDoctor } from '../support/doctor.ts'

t.test('whether people find the pages of campaigns is looked at the way they go', async (t) => {
  const { look, url } = await startDoctor(t)
  const at = async (origin: string) =>
    of(await look({ config: readConfig({ PUBLIC_URL: origin }) }), 'confirm-page')
  t.match(await at(url), { state: 'ok', found: `People find the pages of campaigns at ${url}/confirm/` })
  t.match(of(await look(), 'confirm-page'), { state: 'skipped', mend: /PUBLIC_URL/ })
  t.match(await at('http://127.0.0.1:9'), { state: 'warning', mend: /PUBLIC_URL/ })
  // Another server, and one that never ends.
  const other = createServer((request, response) => {
    if (request.url === '/confirm/check') response.write('<html>')
  }).listen(0, '127.0.0.1')
  t.teardown(() => {
    other.close()
    other.closeAllConnections()
  })
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  t.match(await at(`http://127.0.0.1:${port}`), { state: 'warning', found: /not found at/ })
})
