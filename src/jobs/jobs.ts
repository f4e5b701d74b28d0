import { randomUUID } from 'node:crypto'
import { type JobWithMetadata, PgBoss } from 'pg-boss'
import type { Db } from '../db/pool.ts'

/** One delivery of a job. The same `id` comes again when its worker was lost. */
export type Job<T> = { id: string; data: T; retryCount: number }

/** pg-boss behind a small face: jobs are rows of the same database, written in the caller's transaction. */
export type Jobs = {
  /** @returns the id of the job, which is visible to workers once `tx` commits */
  enqueue(tx: Db, queue: string, data: object, options?: { id?: string }): Promise<string>
  /** Runs `handler` for each job of the queue; one that throws comes again a second later. */
  work<T>(queue: string, concurrency: number, handler: (job: Job<T>) => Promise<void>): Promise<void>
  /** Settles a delivery in the caller's transaction; nothing happens if it was taken over meanwhile. */
  complete(tx: Db, queue: string, job: Pick<Job<unknown>, 'id' | 'retryCount'>): Promise<void>
  /**
   * Of these jobs the ones that somebody will do: queued, or fetched less than `seconds` ago. One fetched
   * longer ago whose work has not begun went to a worker that died before it began.
   */
  alive(tx: Db, queue: string, ids: string[], seconds: number): Promise<Set<string>>
  /** Fetches nothing more; what was fetched goes on. */
  drain(): Promise<void>
  /** Stops fetching and waits for running handlers, at most `timeoutMs`. */
  stop(timeoutMs?: number): Promise<void>
}

const schema = 'jobs'

/**
 * @param queues every queue that this process sends to or works on
 * @param onError told of failures in the background, such as a lost connection
 */
export async function startJobs(
  connectionString: string,
  queues: string[],
  onError: (error: Error) => void
): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString,
    schema,
    application_name: 'locksmith-jobs',
    max: 4,
    schedule: false,
    useListenNotify: true,
    // The defaults (60 s) would leave a lost host's work alone for minutes.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1
  })
  boss.on('error', onError)
  await boss.start()
  for (const queue of queues) {
    await boss.createQueue(queue, {
      notify: true,
      heartbeatSeconds: 10,
      retryLimit: 1_000_000, // an operation ends by its own patience, never by a count of deliveries
      retryDelay: 1,
      expireInSeconds: 3_600,
      deleteAfterSeconds: 3_600
    })
  }
  const inside = (tx: Db) => ({
    executeSql: async (sql: string, values?: unknown[]) => tx.query(sql, values as unknown[])
  })

  return {
    async enqueue(tx, queue, data, { id = randomUUID() } = {}) {
      await boss.send(queue, data, { id, db: inside(tx) })
      return id
    },
    async work<T>(queue: string, concurrency: number, handler: (job: Job<T>) => Promise<void>) {
      // A worker of pg-boss rests after each job until a NOTIFY or its poll, also with a backlog: 200
      // accepted resets took 45 s. So each is a `work()` of its own, told to look again once it is free.
      for (let n = 0; n < concurrency; n++) {
        const worker: string = await boss.work(
          queue,
          {
            includeMetadata: true as const,
            pollingIntervalSeconds: 1,
            notifyPollingIntervalSeconds: 2,
            heartbeatRefreshSeconds: 3
          },
          async (jobs: JobWithMetadata<T>[]) => {
            try {
              for (const job of jobs)
                await handler({ id: job.id, data: job.data, retryCount: job.retryCount })
            } finally {
              boss.notifyWorker(worker)
            }
          }
        )
      }
    },
    async complete(tx, queue, { id, retryCount }) {
      await boss.complete(queue, { id, retryCount }, null, { db: inside(tx) })
    },
    async alive(tx, queue, ids, seconds) {
      const { rows } = await tx.query<{ id: string }>(
        `SELECT id FROM ${schema}.job
          WHERE name = $1 AND id = ANY($2::uuid[])
            AND (state < 'active' OR (state = 'active' AND started_on > now() - make_interval(secs => $3)))`,
        [queue, ids, seconds]
      )
      return new Set(rows.map((row) => row.id))
    },
    async drain() {
      await Promise.all(queues.map((queue) => boss.offWork(queue, { wait: false })))
    },
    async stop(timeoutMs = 15_000) {
      await boss.stop({ graceful: true, timeout: timeoutMs })
    }
  }
}
