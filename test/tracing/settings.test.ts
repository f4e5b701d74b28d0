import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.ts'

const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT'

t.test(
  'an endpoint is a folder, one for traces is taken as it is, and without any there are none',
  async (t) => {
    const urlOf = (env: Record<string, string>) => readConfig(env).tracing?.url
    t.equal(urlOf({}), undefined)
    t.equal(urlOf({ OTEL_SERVICE_NAME: 'x', OTEL_RESOURCE_ATTRIBUTES: 'a=b' }), undefined)
    t.equal(urlOf({ [endpoint]: 'http://collector:4318' }), 'http://collector:4318/v1/traces')
    t.equal(urlOf({ [endpoint]: 'https://c.example.org/otlp/' }), 'https://c.example.org/otlp/v1/traces')
    const both = { [endpoint]: 'http://c:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://d:4318/x' }
    t.equal(urlOf(both), 'http://d:4318/x')
    t.equal(urlOf({ ...both, OTEL_SDK_DISABLED: 'true' }), undefined)
  }
)

t.test('headers and attributes are pairs, percent-encoded', async (t) => {
  const { tracing } = readConfig({
    [endpoint]: 'http://c:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a=b%2C, x-tenant = one ,',
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=identity,service.name=other'
  })
  t.same(tracing!.headers, { authorization: 'Bearer a=b,', 'x-tenant': 'one' })
  t.same(tracing!.resource, { 'service.namespace': 'identity', 'service.name': 'locksmith' })
  t.match(tracing, { sampler: 'parentbased_always_on', ratio: 1 })
})

t.test('what is malformed is named, without its value', async (t) => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ [endpoint]: 'collector:4317' }, /OTEL_EXPORTER_OTLP_ENDPOINT must be an http\(s\) URL/],
    [{ [endpoint]: 'http://u:hunter2@c:4318' }, /OTEL_EXPORTER_OTLP_ENDPOINT must be .* without credentials/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }, /OTEL_EXPORTER_OTLP_HEADERS must be name=value/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=hunter2%zz' }, /OTEL_EXPORTER_OTLP_HEADERS must be name=value/],
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, /OTEL_TRACES_SAMPLER must be .*: parentbased_always_on, /],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, /OTEL_TRACES_SAMPLER_ARG must be <= 1/]
  ]
  for (const [env, fault] of cases) {
    try {
      readConfig(env)
      t.fail(`${JSON.stringify(env)} is taken`)
    } catch (error) {
      t.ok(error instanceof ConfigError)
      t.match((error as Error).message, fault)
      t.notMatch((error as Error).message, /hunter2/)
    }
  }
})
