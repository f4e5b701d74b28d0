import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parseCheckpoint } from '../../../src/audit/note.ts'
import { endpointTarget } from '../../../src/audit/publish/endpoint.ts'
import { fileTarget } from '../../../src/audit/publish/file.ts'
import { logTarget } from '../../../src/audit/publish/log.ts'
import { publish } from '../../../src/audit/publish/publish.ts'

const root = `${'A'.repeat(43)}=`
const noteOf = (size: number, origin = 'locksmith.example.org/audit') =>
  `${origin}\n${size}\n${root}\n\n— ${origin} ${'B'.repeat(92)}\n`
const never = new AbortController().signal

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-checkpoint-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

async function startEndpoint(t: Test, status = 204) {
  const requests: { authorization: string | undefined; type: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data) => {
      body += data
    })
    request.on('end', () => {
      const { authorization, 'content-type': type } = request.headers
      requests.push({ authorization, type, body })
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  return { requests, url: new URL(`http://127.0.0.1:${port}/checkpoints?token=1`) }
}

t.test('a checkpoint is left in all places, and one that fails keeps no other from it', async (t) => {
  const folder = folderOf(t)
  const path = join(folder, 'checkpoint')
  const well = await startEndpoint(t)
  const broken = await startEndpoint(t, 500)
  const lines: unknown[] = []
  const targets = [
    fileTarget(path),
    endpointTarget({ url: broken.url }),
    endpointTarget({ url: well.url, authorization: 'Bearer abc' }),
    fileTarget(join(folder, 'nowhere', 'checkpoint')),
    logTarget({ info: (...line: unknown[]) => lines.push(line) })
  ]
  t.strictSame(await publish(noteOf(7), targets, never), [
    { target: 'file' },
    { target: broken.url.origin, error: 'it answers 500' },
    { target: well.url.origin },
    { target: 'file', error: 'the file cannot be written (ENOENT)' },
    { target: 'log' }
  ])
  t.equal(readFileSync(path, 'utf8'), noteOf(7))
  t.strictSame(well.requests, [
    { authorization: 'Bearer abc', type: 'text/plain; charset=utf-8', body: noteOf(7) }
  ])
  t.strictSame(lines, [[{ size: 7, note: noteOf(7) }, 'checkpoint of the audit']])
})

t.test('whoever reads the file while it is written finds a whole checkpoint', async (t) => {
  const folder = folderOf(t)
  const path = join(folder, 'checkpoint')
  const replicas = [fileTarget(path), fileTarget(path)]
  await publish(noteOf(0), replicas.slice(0, 1), never)
  let isWriting = true
  const seen = new Set<number>()
  const reading = (async () => {
    while (isWriting) {
      const text = readFileSync(path, 'utf8')
      const head = parseCheckpoint(text)
      if (!head || text !== noteOf(head.size)) t.fail('half a checkpoint', { text })
      else seen.add(head.size)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  for (let size = 1; size <= 15; size++) await publish(noteOf(size), replicas, never)
  isWriting = false
  await reading
  t.ok(seen.size > 3)
  t.equal(readFileSync(path, 'utf8'), noteOf(15))
  t.strictSame(readdirSync(folder), ['checkpoint'], 'nothing else is left there')
  t.equal(statSync(path).mode & 0o777, 0o644)
})

t.test('a checkpoint of a larger tree is not replaced, since it shows what was lost', async (t) => {
  const path = join(folderOf(t), 'checkpoint')
  const targets = [fileTarget(path)]
  await publish(noteOf(9), targets, never)
  t.match(await publish(noteOf(8), targets, never), [
    { error: 'the file holds a checkpoint of 9 events, and the audit has 8: it is left as it is' }
  ])
  t.equal(readFileSync(path, 'utf8'), noteOf(9))
  t.same(await publish(noteOf(9), targets, never), [{ target: 'file' }])
  t.same(await publish(noteOf(1, 'another.example.org'), targets, never), [{ target: 'file' }])
})

t.test('where something else is in its place it is said, and nothing is left behind', async (t) => {
  const folder = folderOf(t)
  mkdirSync(join(folder, 'checkpoint'))
  writeFileSync(join(folder, 'checkpoint', 'kept'), '')
  t.match(await publish(noteOf(1), [fileTarget(join(folder, 'checkpoint'))], never), [
    { error: /^the file cannot be written \((EISDIR|ENOTEMPTY|EEXIST)\)$/ }
  ])
  t.strictSame(readdirSync(folder), ['checkpoint'])
})
