/** Loaded only where traces are wanted: it brings the SDK of OpenTelemetry. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { underway } from '../underway.ts'
import { version } from '../version.ts'
import type { TracingSettings } from './settings.ts'
import { codeOf, type SpanOf, type Tracing } from './tracing.ts'

/** How long the end of a process waits for what is still to be sent. */
const graceMs = 2_000

/**
 * Spans go out in batches, every five seconds; where nobody takes them they are dropped, and everything else goes on.
 * The tracer is no global one: libraries would tell theirs by it, and of what is in them we know nothing.
 */
export function startTracing(settings: TracingSettings, log: Pick<Logger, 'info' | 'warn'>): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      ...settings.resource,
      'service.version': version,
      'service.instance.id': randomUUID()
    }),
    sampler: samplerOf(settings),
    spanProcessors: [new BatchSpanProcessor({ exporter: told(settings, log) })]
  })
  const tracer = provider.getTracer('locksmith', version)
  let stopped: Promise<unknown> | undefined

  const start = ({ name, kind, attributes = {}, from }: SpanOf): Span =>
    tracer.startSpan(name, { kind: kinds[kind ?? 'internal'], attributes }, parentOf(from))

  const enter = <T>(span: Span, work: () => T): T => underway.run({ ...underway.getStore(), span }, work)

  async function span<T>(of: SpanOf, work: () => Promise<T>): Promise<T> {
    const span = start(of)
    try {
      return await enter(span, work)
    } catch (error) {
      fail(span, codeOf(error))
      throw error
    } finally {
      span.end()
    }
  }

  return {
    span,
    within: (of, work) => (underway.getStore()?.span ? span(of, work) : work()),
    begin(of) {
      const span = start(of)
      return {
        traceId: span.spanContext().traceId,
        run: (work) => enter(span, work),
        end(attributes, failure) {
          span.setAttributes(attributes)
          if (failure !== undefined) fail(span, failure)
          span.end()
        }
      }
    },
    async stop() {
      stopped ??= provider.shutdown().catch(() => {})
      await Promise.race([stopped, sleep(graceMs, undefined, { ref: false })])
    }
  }
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER
}

const fail = (span: Span, code: string) =>
  span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR })

/** `tracestate` and `baggage` are left where they are: nobody knows what callers have written into them. */
function parentOf(from: string | undefined): Context {
  if (from === undefined) {
    const span = underway.getStore()?.span
    return span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT
  }
  const parent = parseTraceParent(from)
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  const root = sampler.endsWith('ratio')
    ? new TraceIdRatioBasedSampler(ratio)
    : sampler.endsWith('on')
      ? new AlwaysOnSampler()
      : new AlwaysOffSampler()
  return sampler.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root
}

/** It is said once that spans are not taken, and once that they are again. */
function told({ url, headers }: TracingSettings, log: Pick<Logger, 'info' | 'warn'>): SpanExporter {
  const exporter = new OTLPTraceExporter({ url, headers })
  let isFailing = false
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { code, error } = result
        if (code !== 0 && !isFailing)
          log.warn({ detail: error?.message }, 'traces are not taken: what was to be told is dropped')
        if (code === 0 && isFailing) log.info('traces are taken again')
        isFailing = code !== 0
        done(result)
      }),
    shutdown: () => exporter.shutdown()
  }
}
