import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { openapiDocument } from '../../src/http/document.ts'
import { rowsOf } from './tables.ts'

const root = new URL('../../', import.meta.url)
const pages = [
  'README.md',
  'CHANGELOG.md',
  'clients/typescript/README.md',
  ...readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`)
]
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

t.test('every link between the pages and into the code leads to something', async (t) => {
  for (const page of pages) {
    const text = readFileSync(new URL(page, root), 'utf8')
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue
      const url = new URL(target!, new URL(page, root))
      const path = fileURLToPath(new URL(url.pathname, url))
      t.ok(existsSync(path), `${page} → ${target}`)
      if (url.hash && existsSync(path)) {
        const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
          anchor(text!)
        )
        t.ok(headings.includes(url.hash.slice(1)), `${page} → ${target}: the heading`)
      }
    }
  }
})

t.test('what the pages say is in a file is in that file', async (t) => {
  for (const page of pages) {
    const text = readFileSync(new URL(page, root), 'utf8')
    for (const [, name, target] of text.matchAll(/`(\w+)`\s+in\s+\[[^\]]+\]\(([^)\s]+\.\w+)\)/g)) {
      const code = readFileSync(new URL(target!, new URL(page, root)), 'utf8')
      t.match(code, new RegExp(`\\b${name}\\b`), `${page}: ${name} in ${target}`)
    }
  }
})

t.test('the README lists every route, with the scope that it needs', async (t) => {
  const readme = readFileSync(new URL('README.md', root), 'utf8')
  const listed = rowsOf(readme).flatMap(([cell = '', , needs = '']) => {
    const route = /^`([A-Z]+ \/\S*)`$/.exec(cell)?.[1]
    const scope = needs === '–' ? 'public' : needs.replaceAll('`', '')
    return route === undefined ? [] : [`${route} ${scope}`]
  })
  const { paths } = (await openapiDocument()) as {
    paths: Record<string, Record<string, { description?: string; security?: unknown[] }>>
  }
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { description = '', security }]) => {
      const scope = /Scope: `([a-z:]+)`/.exec(description)?.[1]
      return `${method.toUpperCase()} ${path} ${scope ?? (security?.length ? 'any key' : 'public')}`
    })
  )
  t.strictSame(listed.toSorted(), served.toSorted())
})

t.test('the architecture stays short enough to be read', async (t) => {
  t.ok(readFileSync(new URL('docs/ARCHITECTURE.md', root), 'utf8').split('\n').length < 200)
})

t.test('every decision is in the index', async (t) => {
  const index = readFileSync(new URL('docs/decisions/README.md', root), 'utf8')
  for (const file of pages.filter((page) => /decisions\/\d/.test(page)))
    t.match(index, `(${file.replace('docs/decisions/', '')})`)
})
