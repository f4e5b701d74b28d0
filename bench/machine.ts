import { availableParallelism, cpus } from 'node:os'
import pg from 'pg'
import type { Stage } from './stage.ts'

/** Where it was measured: ratios hold across machines, the absolute numbers beside them do not. */
export async function describeMachine(stage: Stage): Promise<string> {
  const client = new pg.Client({ connectionString: await stage.database() })
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string; fsync: string; commit: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS commit`
    )
    const { version, fsync, commit } = rows[0]!
    const model = cpus()[0]?.model.trim() || 'unknown processor'
    return `Measured on ${availableParallelism()} cores (${model}), Node ${process.versions.node}, PostgreSQL ${version} ${stage.postgres} (fsync ${fsync}, synchronous_commit ${commit}), all on this machine over loopback`
  } finally {
    await client.end()
  }
}
