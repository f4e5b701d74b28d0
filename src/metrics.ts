import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type State, states } from './operations/operation.ts'
import { version } from './version.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** What is read from the database at each scrape, so every replica says the same. */
export type Standing = {
  operations: { state: State; problem: string | null; count: number; oldestSeconds: number }[]
  brakes: { brake: string; used: number; most: number }[]
  nextcloud: { awaySeconds: number; refused: boolean }
  limits: { limit: string; used: number; inLine: number }[]
  audit: { oldestSeconds: number; refused: number; failing: { name: string; seconds: number }[] }
  webhookLag: number
  stopped: boolean
}

/** States that an operation does not stay in for good. */
const unsettled = states.filter((state) => !['succeeded', 'failed', 'cancelled'].includes(state))
/** Of these it is worth knowing for how long. */
const watched: State[] = ['queued', 'waiting', 'awaiting-approval', 'needs-attention']

const seconds = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Prometheus metrics. Labels are names of ours only: never a user, a key or an address. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  new Gauge({ name: 'locksmith_info', help: '1, with what runs', labelNames: ['version'], registers }).set(
    { version },
    1
  )
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const times = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets: seconds, registers })

  const requests = times(
    'locksmith_http_request_seconds',
    'Requests to Locksmith, by route',
    'method',
    'route',
    'status'
  )
  const calls = times(
    'locksmith_nextcloud_call_seconds',
    'Calls to Nextcloud; result is answered or failed (not reached, broken off, timed out)',
    'call',
    'result'
  )
  const webhooks = times(
    'locksmith_webhook_seconds',
    'Tries to deliver a webhook, by what came of them: delivered, retry, given-up; and by class of status or kind of failure',
    'outcome',
    'result'
  )
  const steps = counter('locksmith_steps_total', 'Steps that ended, by what came of them', 'step', 'result')
  const takeOvers = counter(
    'locksmith_takeovers_total',
    'Operations that were taken from a process: dead-process and lost-worker are failures, shutdown is not',
    'from'
  )
  const mails = counter(
    'locksmith_mails_total',
    'Mails of our own, by what the mail server said: accepted, rejected, not-sent, unknown',
    'result'
  )
  const forwards = counter(
    'locksmith_audit_forwarded_total',
    'Audit events that were forwarded, by what came of it: received, or failed and to be sent again',
    'result'
  )
  // Whoever asks for an increase must find where it began.
  for (const from of ['dead-process', 'lost-worker', 'shutdown']) takeOvers.inc({ from }, 0)
  for (const result of ['accepted', 'rejected', 'not-sent', 'unknown']) mails.inc({ result }, 0)
  for (const result of ['received', 'failed']) forwards.inc({ result }, 0)

  return {
    registry,
    forwarded: (result: 'received' | 'failed', events: number) => forwards.inc({ result }, events),
    webhook: (outcome: string, result: string, took: number) => webhooks.observe({ outcome, result }, took),
    request: (method: string, route: string, status: number, took: number) =>
      requests.observe({ method, route, status: String(status) }, took),
    nextcloudCall: (call: string, took: number, result: 'answered' | 'failed') =>
      calls.observe({ call, result }, took),
    step: (step: string, result: string) => steps.inc({ step, result }),
    takenOver: (from: 'dead-process' | 'lost-worker' | 'shutdown') => takeOvers.inc({ from }),
    mail: (result: 'accepted' | 'rejected' | 'not-sent' | 'unknown') => mails.inc({ result }),
    set: standingOf(registry)
  }
}

function standingOf(registry: Registry): (standing: Standing) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help: `${help} (read at each scrape)`, labelNames, registers: [registry] })

  const operations = gauge(
    'locksmith_operations',
    'Operations that are not over or need attention, by state',
    'state'
  )
  const oldest = gauge(
    'locksmith_operations_oldest_seconds',
    'For how long the one that is longest in a state has been in it; of those that wait, for how long it has been tried',
    'state'
  )
  const problems = gauge(
    'locksmith_operations_by_problem',
    'Operations that wait, are held or need attention, by the code of their problem',
    'state',
    'problem'
  )
  const used = gauge(
    'locksmith_brake_used',
    'Users that a brake has let through in 24 hours, or who are at work',
    'brake'
  )
  const most = gauge('locksmith_brake_most', 'So many it lets through without an approval', 'brake')
  const away = gauge(
    'locksmith_nextcloud_away_seconds',
    'For how long nobody calls Nextcloud, since it is away'
  )
  const refused = gauge('locksmith_nextcloud_refused', '1 while Nextcloud refuses all our admin accounts')
  const spent = gauge(
    'locksmith_nextcloud_limit_used',
    'Calls that count against limits of Nextcloud: password, of 50 in 10 minutes by the admin account that has the most; reset-mail, of 10 in 30 minutes, or in 5 where our address is allow-listed',
    'limit'
  )
  const line = gauge('locksmith_nextcloud_line', 'Operations that stand in line for such a limit', 'limit')
  const stopped = gauge('locksmith_stopped', '1 while somebody has stopped everything')
  const unsealed = gauge(
    'locksmith_audit_unsealed_seconds',
    'For how long the oldest audit event has waited to be put into the tree'
  )
  const foreign = gauge('locksmith_audit_foreign_rows', 'Rows in the audit log that Locksmith did not write')
  const failing = gauge(
    'locksmith_audit_failing_seconds',
    'For how long checkpoints (what="publish") or events (what="forward") have not left the house',
    'what'
  )
  const lag = gauge(
    'locksmith_webhook_lag_seconds',
    'For how long the webhook that is longest overdue has been waiting'
  )

  return (standing) => {
    problems.reset()
    for (const state of unsettled) {
      const rows = standing.operations.filter((row) => row.state === state)
      operations.set(
        { state },
        rows.reduce((sum, { count }) => sum + count, 0)
      )
      if (watched.includes(state))
        oldest.set({ state }, Math.max(0, ...rows.map(({ oldestSeconds }) => oldestSeconds)))
      for (const { problem, count } of rows) if (problem !== null) problems.set({ state, problem }, count)
    }
    for (const each of standing.brakes) {
      used.set({ brake: each.brake }, each.used)
      most.set({ brake: each.brake }, each.most)
    }
    away.set(standing.nextcloud.awaySeconds)
    refused.set(standing.nextcloud.refused ? 1 : 0)
    for (const each of standing.limits) {
      spent.set({ limit: each.limit }, each.used)
      line.set({ limit: each.limit }, each.inLine)
    }
    stopped.set(standing.stopped ? 1 : 0)
    unsealed.set(standing.audit.oldestSeconds)
    foreign.set(standing.audit.refused)
    for (const { name, seconds } of standing.audit.failing) failing.set({ what: name }, seconds)
    lag.set(standing.webhookLag)
  }
}
