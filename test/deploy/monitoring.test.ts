import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { startLocksmith } from '../support/locksmith.ts'
import { project } from './compose.ts'
import { type Asked, askedFor } from './promql.ts'

type Rule = {
  alert: string
  expr: string
  for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}
type Panel = {
  id: number
  type: string
  title: string
  description?: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { refId: string; expr: string; legendFormat: string }[]
}

const alertsFile = 'deploy/prometheus/alerts.yml'
const read = (file: string) => readFileSync(join(project, file), 'utf8')
const { groups } = parse(read(alertsFile), { strict: true, uniqueKeys: true }) as {
  groups: { name: string; rules: Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(read('deploy/grafana/locksmith.json')) as {
  uid: string
  panels: Panel[]
  templating: { list: { name: string; definition?: string }[] }
  annotations: { list: { expr: string }[] }
}
const { panels } = dashboard

/** What Prometheus adds by itself. */
const ofPrometheus = { metrics: ['up'], labels: ['job', 'instance', 'le'] }

/** Labels with a known number of values, each of which is there from the start. */
const complete = ['state', 'brake', 'limit', 'from', 'result']

/** Every series of a fresh Locksmith as `GET /metrics` has it, and the labels that each metric may have. */
async function metricsOf(t: Test) {
  const { call, world, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' }, body: { mail: 'smtp' } })
  const { text } = await call('GET', '/metrics')
  const families = new Map<string, string[]>()
  for (const { name, type } of await world.metrics.registry.getMetricsAsJSON()) {
    const { labelNames } = world.metrics.registry.getSingleMetric(name) as unknown as { labelNames: string[] }
    const names =
      String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name]
    if (new RegExp(`^# TYPE ${name} `, 'm').test(text))
      for (const each of names) families.set(each, labelNames)
  }
  return { text, families }
}

type Served = Awaited<ReturnType<typeof metricsOf>>

function holds(t: Test, where: string, expression: string, { text, families }: Served) {
  const { series, grouped } = askedFor(expression)
  t.ok(series.length > 0, `${where}: asks for something`)
  for (const { metric, labels } of series) {
    if (!ofPrometheus.metrics.includes(metric)) t.ok(families.has(metric), `${where}: ${metric} is there`)
    for (const [label, value] of Object.entries(labels)) {
      if (ofPrometheus.labels.includes(label)) continue
      t.ok(families.get(metric)?.includes(label), `${where}: ${metric} has the label ${label}`)
      if (value !== undefined && complete.includes(label) && !metric.startsWith('locksmith_steps'))
        t.match(
          text,
          new RegExp(`^${metric}\\{[^}]*${label}="${value}"`, 'm'),
          `${where}: ${label}="${value}"`
        )
    }
  }
  const known = new Set([
    ...ofPrometheus.labels,
    ...series.flatMap(({ metric }) => families.get(metric) ?? [])
  ])
  for (const label of grouped) t.ok(known.has(label), `${where}: grouped by ${label}`)
}

t.test('alerts and dashboard ask for nothing that is not in GET /metrics', async (t) => {
  const served = await metricsOf(t)
  for (const { alert, expr } of rules) holds(t, alert, expr, served)
  for (const { title, targets = [] } of panels)
    for (const { expr, refId } of targets) holds(t, `${title} ${refId}`, expr, served)
  for (const { expr } of dashboard.annotations.list) holds(t, 'annotation', expr, served)
  for (const { definition = '' } of dashboard.templating.list) {
    const [, metric] = /^label_values\((\w+), job\)$/.exec(definition) ?? []
    if (definition) t.ok(served.families.has(metric!), definition)
  }
  const asked = new Set(
    [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    ]
      .flatMap((expr) => askedFor(expr).series)
      .map(({ metric }: Asked) => metric.replace(/_(bucket|sum|count)$/, ''))
  )
  const ours = [...served.text.matchAll(/^# TYPE (locksmith_\w+) /gm)].map(([, name]) => name!)
  for (const name of ours.filter((each) => each !== 'locksmith_info'))
    t.ok(asked.has(name), `${name} is shown somewhere`)
})

t.test('each alert says what is so, what that means, how bad it is, and where to read on', async (t) => {
  const names = rules.map(({ alert }) => alert)
  t.equal(new Set(names).size, names.length, 'names are unique')
  t.equal(new Set(groups.map(({ name }) => name)).size, groups.length)
  for (const { alert, labels, annotations, for: held, ...rest } of rules) {
    t.match(alert, /^Locksmith[A-Za-z]+$/)
    t.same(Object.keys(rest), ['expr'], `${alert}: no other member`)
    t.match(held ?? '0m', /^\d+[mh]$/, `${alert}: for`)
    t.same(Object.keys(labels), ['severity'], alert)
    t.match(labels.severity, /^(critical|warning)$/, alert)
    t.same(Object.keys(annotations).toSorted(), ['description', 'runbook_url', 'summary'], alert)
    t.ok(annotations.summary!.length <= 90, `${alert}: the summary fits a phone`)
    const [file, heading] = annotations.runbook_url!.split('#')
    t.equal(file, 'docs/RUNBOOK.md')
    t.equal(heading, alert.toLowerCase(), `${alert}: its own section`)
    t.match(read(file!), new RegExp(`^## ${alert}$`, 'm'), `${alert}: the runbook has it`)
    for (const text of Object.values(annotations))
      for (const [, word] of text.matchAll(/\{\{\s*(.*?)\s*\}\}/g))
        t.match(word, /^\$(value|labels\.\w+)( \| humanize(Duration|Percentage)?)?$/, `${alert}: ${word}`)
  }
})

t.test('Prometheus is told of the job by the name that the alerts have, and of a key by file', async (t) => {
  const { scrape_configs: jobs } = parse(read('deploy/prometheus/scrape.yml'), { strict: true })
  t.match(jobs, [{ job_name: 'locksmith', authorization: { credentials_file: String } }])
  for (const [, job] of read(alertsFile).matchAll(/job="(\w+)"/g)) t.equal(job, jobs[0].job_name)
})

t.test('the dashboard has every panel once, side by side, and each says what it shows', async (t) => {
  t.equal(dashboard.uid, 'locksmith')
  const shown = panels.filter(({ type }) => type !== 'row')
  for (const list of [panels.map(({ id }) => String(id)), shown.map(({ title }) => title)])
    t.equal(new Set(list).size, list.length)
  const taken = new Map<string, string>()
  for (const { title, gridPos } of panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        t.ok(x < 24 && !taken.has(`${x},${y}`), `${title} covers nothing`)
        taken.set(`${x},${y}`, title)
      }
  for (const { title, description, targets = [] } of shown) {
    t.ok(description, `${title}: described`)
    t.ok(targets.length > 0, `${title}: shows something`)
    for (const { expr, legendFormat } of targets) {
      t.match(expr, 'job=~"$job"', `${title}: of the job that was chosen`)
      t.ok(legendFormat)
    }
  }
  t.notMatch(
    JSON.stringify(dashboard),
    /"uid":"(?!\$\{datasource\}|locksmith)/,
    'no data source of somebody else'
  )
})

const promtool = spawnSync('promtool', ['--version']).status === 0
t.test(
  'Prometheus takes the rules',
  { skip: promtool ? false : 'promtool is not on this machine' },
  async (t) => {
    const { status, stderr } = spawnSync('promtool', ['check', 'rules', join(project, alertsFile)])
    t.equal(status, 0, String(stderr))
  }
)
