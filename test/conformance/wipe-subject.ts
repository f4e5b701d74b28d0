import type { Test } from 'tap'
import type { RevocationDriver } from '../../src/revocation/driver.ts'
import { RevocationError } from '../../src/revocation/errors.ts'
import { wipeDriver } from '../../src/revocation/wipe.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { sandboxSubject } from './session-subject.ts'
import type { Subject } from './subject.ts'

/** @param counts whether a driver is at hand that sees the tokens */
export async function wipeSubject(t: Test, counts: boolean): Promise<Subject> {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const parts = sandboxSubject(sandbox)
  let sees = true
  const lister: Pick<RevocationDriver, 'list'> = {
    async list(userId) {
      if (!sees) throw new RevocationError('sql', 'Away.', { isPassing: true })
      return (await parts.tokens(userId)).map((token) => ({
        ...token,
        name: 'Device',
        lastActivity: null,
        current: false
      }))
    }
  }
  const { user, password } = sandbox.admin
  const nextcloud = {
    async wipeDevices(id: string) {
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      const path = `/ocs/v2.php/cloud/users/${encodeURIComponent(id)}/wipe?format=json`
      const response = await fetch(sandbox.url + path, {
        method: 'POST',
        headers: { 'ocs-apirequest': 'true', authorization }
      }).catch((cause) => {
        throw new RevocationError('wipe', 'Away.', { isPassing: true, cause })
      })
      const { ocs } = JSON.parse(await response.text())
      if (ocs.meta.statuscode !== 200)
        throw new RevocationError('wipe', 'No such user.', { isPassing: false })
    }
  }
  return {
    ...parts,
    can: {
      selects: false,
      deletes: false,
      counts,
      oneByOne: false,
      killsLinks: false,
      knowsUsers: !counts,
      sparesLateWipes: false,
      waits: 0,
      similarIds: ['alice2', 'ali%', 'a_ice'],
      hostileIds: ['two words', '-x', '--help', "it's", '100%', 'say "hi"']
    },
    driver: () => wipeDriver({ nextcloud, ...(counts && { lister }) }),
    async mend() {
      sees = true
      await parts.mend()
    },
    loseReadBack: async () => {
      sees = false
    }
  }
}
