import { DomainError } from '../errors.ts'
import type { Token } from '../nextcloud/session.ts'
import type { Drivers } from './choose.ts'
import { RevocationError } from './errors.ts'

/**
 * A user's tokens, by a driver that lists without touching the user.
 * @param userId as Nextcloud writes it
 * @throws DomainError tokens-not-listable; RevocationError; NextcloudError
 */
export async function listTokens(
  drivers: Drivers,
  userId: string
): Promise<{ tokens: Token[]; listedBy: 'occ' | 'sql' }> {
  const broken: string[] = []
  for (const driver of drivers.direct) {
    const probe = await drivers.probe(driver)
    if (probe.works) {
      return { tokens: await driver.list!(userId), listedBy: driver.name as 'occ' | 'sql' }
    }
    broken.push(`${driver.name}: ${probe.because} ${probe.mend}`)
  }
  if (broken.length > 0)
    throw new RevocationError(drivers.direct[0]!.name, broken.join(' '), { isPassing: true })
  throw new DomainError(
    'tokens-not-listable',
    'Over HTTP alone sessions and app passwords can only be listed by logging in as the user, which needs the password replaced. Set OCC_COMMAND or NEXTCLOUD_DATABASE_URL to list them. Nothing was done.'
  )
}
