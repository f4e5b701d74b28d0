import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { type ProblemCode, problems } from '../../src/problems.ts'
import { rowsOf } from './tables.ts'

const folder = new URL('../../docs/problems/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const codes = Object.keys(problems) as ProblemCode[]

t.test('every problem has a page, with its title, status and what to do', async (t) => {
  for (const code of codes) {
    const { title, status } = problems[code]
    const lines = read(`${code}.md`).split('\n')
    t.equal(lines[0], `# ${title}`, `${code}: title`)
    t.ok(lines[2]?.startsWith(`\`${code}\` · status ${status} · `), `${code}: code and status`)
    t.strictSame(
      lines.filter((line) => line.startsWith('## ')),
      ['## What happened', '## What was and was not done', '## What to do'],
      `${code}: sections`
    )
    t.ok(lines.length <= 31, `${code}: short`)
  }
})

t.test('no page explains a problem that does not exist', async (t) => {
  const pages = readdirSync(folder).filter((file) => file !== 'README.md')
  t.strictSame(pages.toSorted(), codes.map((code) => `${code}.md`).toSorted())
})

t.test('the index lists every problem once, with status and title', async (t) => {
  const rows = rowsOf(read('README.md')).flatMap(([link = '', status, title]) => {
    const [, code, file] = /^\[([a-z-]+)\]\(([a-z-]+)\.md\)$/.exec(link) ?? []
    return code === undefined ? [] : [{ code, file, status: Number(status), title }]
  })
  t.strictSame(
    rows,
    codes.map((code) => ({ code, file: code, ...problems[code] }))
  )
})

t.test('pages name no route, command or page that does not exist', async (t) => {
  const { paths } = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
  const unnamed = (route: string) => route.replace(/\{\w+\}/g, '{}')
  const routes = new Set(
    Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => unnamed(`${method.toUpperCase()} ${path}`))
    )
  )
  const commands = ['keys create', 'keys list', 'keys revoke', 'keys rotate', 'credentials retry']
  for (const code of codes) {
    const page = read(`${code}.md`)
    for (const [, route] of page.matchAll(/`((?:GET|POST) \/[^`?]*)/g))
      t.ok(routes.has(unnamed(route!)), `${code}: ${route}`)
    for (const [, other] of page.matchAll(/`\/problems\/([a-z-]+)`/g))
      t.ok(Object.hasOwn(problems, other!), `${code}: /problems/${other}`)
    for (const [, command] of page.matchAll(/(?:`|-- |main\.js )(?:locksmith )?(keys \w+|credentials \w+)/g))
      t.ok(commands.includes(command!), `${code}: ${command}`)
  }
})
