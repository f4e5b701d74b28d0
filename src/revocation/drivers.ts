import { remembered } from '../nextcloud/remembered.ts'
import type { Drivers } from './choose.ts'
import type { Probe, RevocationDriver } from './driver.ts'
import { type OccOptions, occDriver } from './occ.ts'
import { sessionDriver } from './session.ts'
import { type SqlOptions, sqlDriver } from './sql.ts'
import { wipeDriver } from './wipe.ts'

/** What is configured besides a log-in as the user. */
export type Ways = { occ?: OccOptions; nextcloudDatabase?: SqlOptions; appApi: Drivers['appApi'] }

/** How long we count on a driver that worked, or leave one alone that did not. */
const probedMs = 10_000

/** Every way to revoke. The database is quicker than a program, so it comes first. */
export function createDrivers({
  occ,
  nextcloudDatabase,
  appApi
}: Ways): Drivers & { close(): Promise<void> } {
  const sql = nextcloudDatabase && sqlDriver(nextcloudDatabase)
  const direct = [...(sql ? [sql] : []), ...(occ ? [occDriver(occ)] : [])]
  const probes = new Map<RevocationDriver, () => Promise<Probe>>(
    direct.map((driver) => [driver, remembered(probedMs, driver.probe)])
  )
  const probe = (driver: RevocationDriver) => probes.get(driver)!()
  return {
    direct,
    session: sessionDriver,
    async wipe(nextcloud) {
      // A wipe is not kept waiting by who could only count.
      for (const lister of direct) if ((await probe(lister)).works) return wipeDriver({ nextcloud, lister })
      return wipeDriver({ nextcloud })
    },
    appApi,
    probe,
    close: async () => sql?.close()
  }
}
