import type { Pool } from '../db/pool.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { beginCensus, saveCensus } from './census.sql.ts'

/** A share of the users changes slowly, and counting them costs Nextcloud a page of details for each 200. */
const everyHours = 24
const pageSize = 200

/** Counts the enabled users once a day, one replica for all. @throws NextcloudError: then it is tried in an hour */
export async function countUsersIfDue(pool: Pool, nextcloud: Pick<Nextcloud, 'listUsers'>): Promise<void> {
  if (!(await beginCensus(pool, everyHours))) return
  let enabled = 0
  for (let offset = 0; ; ) {
    const page = (await nextcloud.listUsers({ limit: pageSize, offset }))!
    if (page.received === 0) break
    enabled += page.users.filter((user) => user.enabled).length
    offset += page.received
  }
  await saveCensus(pool, enabled)
}
