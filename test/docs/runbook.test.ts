import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { hostCommands, processes } from '../../src/cli/commands.ts'
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
    const known = new Set(Object.keys(processes))
    for (const [name, { usage }] of Object.entries(hostCommands)) {
      known.add(`host ${name}`)
      for (const [, verb] of usage.matchAll(new RegExp(`^ *${name} ([a-z][a-z-]+)`, 'gm')))
        known.add(`host ${name} ${verb}`)
    }
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
        ...text.matchAll(
          /(?:`|^|\brun )(?:locksmith|node dist\/src\/main\.js) ([a-z]+(?: [a-z][a-z-]+){0,2})/gm
        )
      ]
      t.ok(commands.length > 2, `${page}: commands`)
      for (const [, command = ''] of commands) t.ok(known.has(command), `${page}: locksmith ${command}`)
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
