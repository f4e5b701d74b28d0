/**
 * Traces, by OpenTelemetry: spans of requests, operations, steps, and calls to Nextcloud. They say what was done, how
 * long it took and what came of it; never to whom, why, or with what. So attributes are names of ours, ids of
 * operations, numbers and hosts, and errors are there by their code alone: sentences name people.
 */
import { type Attributes, SpanStatusCode } from '@opentelemetry/api'
import { underway } from '../underway.ts'

export type SpanOf = {
  /** Of a few: no id is in it. */
  name: string
  kind?: 'server' | 'client' | 'consumer'
  attributes?: Attributes
  /** What it is part of, as the header `traceparent` of W3C Trace Context has it. Default: what is under way here. */
  from?: string | undefined
}

/** A span that ends elsewhere than it began. */
export type Begun = {
  /** As log lines have it. */
  traceId: string
  /** What is begun within is part of it. */
  run(work: () => void): void
  /** @param failure the code of what went wrong */
  end(attributes: Attributes, failure?: string): void
}

export type Tracing = {
  /** Does `work` as a span; what it throws is noted, and thrown on. */
  span<T>(of: SpanOf, work: () => Promise<T>): Promise<T>
  /** The same, where something is under way that it is part of; else it is only done. */
  within<T>(of: SpanOf, work: () => Promise<T>): Promise<T>
  /** undefined: nothing is traced */
  begin(of: SpanOf): Begun | undefined
  /** Sends what has not been sent, within two seconds. */
  stop(): Promise<void>
}

/** Nothing is traced, and nothing is loaded for it. */
export const off: Tracing = {
  span: (_of, work) => work(),
  within: (_of, work) => work(),
  begin: () => undefined,
  stop: async () => {}
}

/** Adds to the span that is under way. */
export function note(attributes: Attributes): void {
  underway.getStore()?.span?.setAttributes(attributes)
}

/** What is under way has failed. @param code of a problem */
export function noteFailure(code: string): void {
  underway.getStore()?.span?.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR })
}

/** What another process needs to go on with the trace that is under way: `traceparent` of W3C Trace Context. */
export function traceparent(): string | undefined {
  const context = underway.getStore()?.span?.spanContext()
  if (!context) return undefined
  return `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, '0')}`
}

/** The code of an error, or the name of its class. Never its message. */
export function codeOf(error: unknown): string {
  const { variant, code } = (error ?? {}) as { variant?: unknown; code?: unknown }
  const said = variant ?? code
  if (typeof said === 'string' && /^[\w.-]{1,60}$/.test(said)) return said
  return error instanceof Error ? error.constructor.name : 'unknown'
}
