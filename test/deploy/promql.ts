import { parser } from '@prometheus-io/lezer-promql'

/** A series that an expression asks for. Labels by name, with what they must be where that is one value. */
export type Asked = { metric: string; labels: Record<string, string | undefined> }

/** Words that people may see in Grafana in place of a duration. */
const macros = /\$__(rate_)?interval/g

/** What a PromQL expression asks for, by Prometheus' own grammar. @throws where it is none */
export function askedFor(expression: string): { series: Asked[]; grouped: string[] } {
  const text = expression.replace(macros, '5m')
  const series: Asked[] = []
  const grouped: string[] = []
  parser.parse(text).iterate({
    enter({ name, from, to, node }) {
      const said = text.slice(from, to)
      if (node.type.isError) throw new Error(`not PromQL at ${from}: ${expression}`)
      if (name === 'VectorSelector') series.push({ metric: /^[\w:]+/.exec(said)![0], labels: {} })
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', operator, value] = /^(\w+)\s*(=~|!~|!=|=)\s*["'](.*)["']$/s.exec(said) ?? []
        series.at(-1)!.labels[label] = operator === '=' || operator === '!=' ? value : undefined
      }
      if (name === 'GroupingLabels') grouped.push(...(said.match(/\w+/g) ?? []))
    }
  })
  return { series, grouped }
}
