import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

const seconds = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Prometheus metrics. Labels are names of ours only: never a user, a key or an address. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'locksmith_http_request_seconds',
    help: 'Requests to Locksmith, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: seconds,
    registers: [registry]
  })
  const calls = new Histogram({
    name: 'locksmith_nextcloud_call_seconds',
    help: 'Calls to Nextcloud; result is answered or failed (not reached, broken off, timed out)',
    labelNames: ['call', 'result'] as const,
    buckets: seconds,
    registers: [registry]
  })
  const steps = new Counter({
    name: 'locksmith_steps_total',
    help: 'Steps that ended, by what came of them',
    labelNames: ['step', 'result'] as const,
    registers: [registry]
  })
  const operations = new Gauge({
    name: 'locksmith_operations',
    help: 'Operations that are not over or need attention, by state (read at each scrape)',
    labelNames: ['state'] as const,
    registers: [registry]
  })
  const stopped = new Gauge({
    name: 'locksmith_stopped',
    help: '1 while somebody has stopped everything (read at each scrape)',
    registers: [registry]
  })
  const unsealed = new Gauge({
    name: 'locksmith_audit_unsealed_seconds',
    help: 'For how long the oldest audit event has waited to be put into the tree (read at each scrape)',
    registers: [registry]
  })
  const foreign = new Gauge({
    name: 'locksmith_audit_foreign_rows',
    help: 'Rows in the audit log that Locksmith did not write (read at each scrape)',
    registers: [registry]
  })
  const unpublished = new Gauge({
    name: 'locksmith_audit_failing_seconds',
    help: 'For how long checkpoints (what="publish") or events (what="forward") have not left the house (read at each scrape)',
    labelNames: ['what'] as const,
    registers: [registry]
  })
  const forwards = new Counter({
    name: 'locksmith_audit_forwarded_total',
    help: 'Audit events that were forwarded, by what came of it: received, or failed and to be sent again',
    labelNames: ['result'] as const,
    registers: [registry]
  })
  const webhooks = new Histogram({
    name: 'locksmith_webhook_seconds',
    help: 'Tries to deliver a webhook, by what came of them: delivered, retry, given-up; and by class of status or kind of failure',
    labelNames: ['outcome', 'result'] as const,
    buckets: seconds,
    registers: [registry]
  })
  const webhookLag = new Gauge({
    name: 'locksmith_webhook_lag_seconds',
    help: 'For how long the webhook that is longest overdue has been waiting (read at each scrape)',
    registers: [registry]
  })
  return {
    registry,
    forwarded: (result: 'received' | 'failed', events: number) => forwards.inc({ result }, events),
    setAudit(lag: { oldestSeconds: number; refused: number }, failing: { name: string; seconds: number }[]) {
      unsealed.set(lag.oldestSeconds)
      foreign.set(lag.refused)
      for (const { name, seconds } of failing) unpublished.set({ what: name }, seconds)
    },
    webhook: (outcome: string, result: string, took: number) => webhooks.observe({ outcome, result }, took),
    setWebhookLag: (lag: number) => webhookLag.set(lag),
    setStopped: (is: boolean) => stopped.set(is ? 1 : 0),
    request: (method: string, route: string, status: number, took: number) =>
      requests.observe({ method, route, status: String(status) }, took),
    nextcloudCall: (call: string, took: number, result: 'answered' | 'failed') =>
      calls.observe({ call, result }, took),
    step: (step: string, result: string) => steps.inc({ step, result }),
    setOperations(counts: { state: string; count: number }[]) {
      operations.reset()
      for (const { state, count } of counts) operations.set({ state }, count)
    }
  }
}
