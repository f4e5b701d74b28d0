/** Where traces go, and of what. */
export type TracingSettings = {
  /** Takes OTLP over HTTP, as JSON. */
  url: string
  headers: Record<string, string>
  /** Attributes of all that this process tells. */
  resource: Record<string, string>
  sampler: Sampler
  /** Of the samplers by ratio: 0 to 1. */
  ratio: number
}

/** Those of the specification that need nothing from elsewhere. */
export const samplers = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio'
] as const
export type Sampler = (typeof samplers)[number]

type Given = {
  OTEL_SDK_DISABLED: boolean
  OTEL_EXPORTER_OTLP_ENDPOINT?: string
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string
  OTEL_EXPORTER_OTLP_HEADERS?: string
  OTEL_SERVICE_NAME: string
  OTEL_RESOURCE_ATTRIBUTES?: string
  OTEL_TRACES_SAMPLER: Sampler
  OTEL_TRACES_SAMPLER_ARG: number
}

/**
 * @param faults is told what is wrong, each by the name of its variable and without its value
 * @returns undefined where nothing is traced
 */
export function readTracing(given: Given, faults: string[]): TracingSettings | undefined {
  const base = readEndpoint('OTEL_EXPORTER_OTLP_ENDPOINT', given, faults)
  const traces = readEndpoint('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', given, faults)
  const headers = readPairs('OTEL_EXPORTER_OTLP_HEADERS', given, faults)
  const attributes = readPairs('OTEL_RESOURCE_ATTRIBUTES', given, faults)
  // The one for all signals is a folder; the one for traces is taken as it is.
  const url = traces ?? (base && `${base.replace(/\/+$/, '')}/v1/traces`)
  if (given.OTEL_SDK_DISABLED || url === undefined) return undefined
  return {
    url,
    headers,
    resource: { ...attributes, 'service.name': given.OTEL_SERVICE_NAME },
    sampler: given.OTEL_TRACES_SAMPLER,
    ratio: given.OTEL_TRACES_SAMPLER_ARG
  }
}

type Name<Suffix extends string> = keyof Given & `OTEL_${string}${Suffix}`

function readEndpoint(name: Name<'ENDPOINT'>, given: Given, faults: string[]): string | undefined {
  const text = given[name]
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text
  faults.push(
    `${name} must be an http(s) URL without credentials, such as http://collector:4318: what is sent is OTLP over HTTP.`
  )
  return undefined
}

/** `name=value`, by commas, values percent-encoded. */
function readPairs(name: Name<'HEADERS' | 'ATTRIBUTES'>, given: Given, faults: string[]) {
  const words = (given[name] ?? '').split(',').filter((word) => word.trim() !== '')
  const pairs = words.map(readPair)
  if (!pairs.every((pair) => pair !== undefined)) {
    faults.push(`${name} must be name=value, with commas between, and values percent-encoded.`)
    return {}
  }
  return Object.fromEntries(pairs)
}

function readPair(word: string): [string, string] | undefined {
  const [, name, value] = /^\s*([\w.-]+)\s*=(.*)$/.exec(word) ?? []
  if (name === undefined || value === undefined) return undefined
  try {
    return [name, decodeURIComponent(value.trim())]
  } catch {
    return undefined
  }
}
