import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import { environment } from '../../src/config.ts'
import { problems } from '../../src/problems.ts'

const root = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, root), 'utf8')
const pages = ['docs/RUNBOOK.md', 'docs/PRODUCTION.md']

t.test('the runbook has a section for each alert, and for nothing else', async (t) => {
  const { groups } = parse(read('deploy/prometheus/alerts.yml')) as {
    groups: { rules: { alert: string }[] }[]
  }
  const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert))
  const sections = [...read('docs/RUNBOOK.md').matchAll(/^## (.*)$/gm)].map(([, title]) => title!)
  t.same(sections.toSorted(), alerts.toSorted())
})

t.test(
  'pages for those who run it name no command, route, state or setting that does not exist',
  async (t) => {
    const usage = execFileSync(process.execPath, [fileURLToPath(new URL('src/main.ts', root)), 'help'], {
      encoding: 'utf8'
    })
    const known = new Set([...usage.matchAll(/^ {2}([a-z]+(?: [a-z][a-z-]*)?)/gm)].map(([, name]) => name!))
    for (const also of ['approvals reject', 'audit verify']) known.add(also)
    const { paths } = JSON.parse(read('openapi/openapi.json')) as { paths: Record<string, object> }
    const unnamed = (path: string) => path.replace(/\{\w+\}/g, '{}')
    const routes = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${unnamed(path)}`)
      )
    )
    const settings = [...Object.keys(environment.properties), 'NODE_EXTRA_CA_CERTS']
    for (const page of pages) {
      const text = read(page)
      const commands = [
        ...text.matchAll(/(?:`|^|\brun )(?:locksmith|node dist\/main\.js) ([a-z]+(?: [a-z][a-z-]+)?)/gm)
      ]
      t.ok(commands.length > 2, `${page}: commands`)
      for (const [, command = ''] of commands)
        t.ok(known.has(command) || known.has(command.split(' ')[0]!), `${page}: locksmith ${command}`)
      for (const [, method = 'GET', path = ''] of text.matchAll(
        /\bask (?:-X (\w+) )?"?\$LOCKSMITH(\/[\w/{}-]*)/g
      ))
        t.ok(routes.has(`${method} ${unnamed(path)}`), `${page}: ${method} ${path}`)
      for (const [, code] of text.matchAll(/\]\(problems\/([a-z-]+)\.md\)/g))
        t.ok(Object.hasOwn(problems, code!), `${page}: ${code}`)
      for (const [, name] of text.matchAll(/`([A-Z]+(?:_[A-Z]+)+)(?:_FILE)?(?:=[^`]*)?`/g))
        t.ok(
          settings.some((setting) => setting === name || `${setting}_FILE` === name),
          `${page}: ${name}`
        )
    }
  }
)
