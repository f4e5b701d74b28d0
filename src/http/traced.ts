import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Begun, off, type Tracing } from '../tracing/tracing.ts'

/** Asked every few seconds by machines: nobody looks for them, and they would hide the others. */
const untraced: ReadonlySet<string | undefined> = new Set(['/health/live', '/health/ready', '/metrics'])

/**
 * A span for each request, part of the caller's trace where it names one (`traceparent`). It has the route as it is
 * declared, such as `/users/:userId/reset`, and nothing of the URL, the headers or the body.
 */
export function installTracing(app: FastifyInstance, tracing: Tracing): void {
  if (tracing === off) return
  const underway = new WeakMap<FastifyRequest, Begun>()

  app.addHook('onRequest', (request, reply, done) => {
    const { method } = request
    const { url: route } = request.routeOptions
    if (untraced.has(route)) return done()
    const { traceparent: from } = request.headers
    const begun = tracing.begin({
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      attributes: { 'http.request.method': method, ...(route !== undefined && { 'http.route': route }) },
      from: typeof from === 'string' ? from : undefined
    })!
    underway.set(request, begun)
    request.log = reply.log = request.log.child({ trace_id: begun.traceId })
    begun.run(done)
  })
  // What was begun before the body was read does not carry over.
  app.addHook('preHandler', (request, _reply, done) => {
    const begun = underway.get(request)
    if (begun) begun.run(done)
    else done()
  })
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode } = reply
    const failure = statusCode >= 500 ? String(statusCode) : undefined
    underway.get(request)?.end({ 'http.response.status_code': statusCode }, failure)
  })
  app.addHook('onRequestAbort', async (request) => {
    underway.get(request)?.end({}, 'aborted')
  })
}
