/** The document by the rules of others: what they take for a mistake, somebody's program stumbles over. */
import { createConfig, lintFromString } from '@redocly/openapi-core'
import t from 'tap'
import { openapiDocument } from '../../src/http/document.ts'

/** Redocly's recommended rules, none of them off; and some that it leaves to taste. */
const config = await createConfig({
  extends: ['recommended'],
  rules: {
    'operation-singular-tag': 'error',
    'operation-tag-defined': 'error',
    'parameter-description': 'error',
    'path-params-defined': 'error',
    'spec-example-values': 'error',
    'spec-strict-refs': 'error'
  }
})

// biome-ignore lint/suspicious/noExplicitAny: the tests break it
type Document = any

const complaints = async (document: Document) => {
  const source = JSON.stringify(document)
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  return problems.map(
    ({ severity, ruleId, message, location }) => `${severity} ${ruleId}: ${message} (${location[0]?.pointer})`
  )
}

const document: Document = await openapiDocument()

t.test('the document passes the rules of Redocly, without an error or a warning', async (t) => {
  t.strictSame(await complaints(document), [])
})

t.test('what does not pass is seen', async (t) => {
  const { components, paths, ...rest } = structuredClone(document)
  const { '/users': users, '/health/live': live } = paths
  delete users.get.summary
  delete live.get.responses['431']
  components.examples.users.value.next = 4711
  const seen = await complaints({ ...rest, components, paths: { '/users': users, '/health/live': live } })
  for (const rule of [
    'error operation-summary',
    'warn operation-4xx-response',
    'warn no-invalid-media-type-examples',
    'warn no-unused-components'
  ])
    t.ok(
      seen.some((problem) => problem.startsWith(rule)),
      rule
    )
})
