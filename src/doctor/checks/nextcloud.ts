import type { NextcloudError, Variant } from '../../nextcloud/errors.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { addToList } from '../words.ts'

const name = 'nextcloud'

/** Whether it answers, and as itself. */
export function checkNextcloud({ server, url, publicUrl, simulated }: Facts): Finding {
  if (server.kind === 'answered') {
    const { maintenance, needsDbUpgrade, version } = server.value
    if (needsDbUpgrade)
      return {
        name,
        state: 'error',
        found: `Nextcloud ${version} has new code and old tables: it waits for its upgrade.`,
        means: 'It answers nobody until then. Operations wait, and go on by themselves.',
        mend: 'occ upgrade'
      }
    if (maintenance)
      return {
        name,
        state: 'error',
        found: `Nextcloud ${version} is in maintenance mode.`,
        means: 'It answers nobody until that ends. Operations wait, and go on by themselves.',
        mend: 'occ maintenance:mode --off (once the maintenance is over)'
      }
    return {
      name,
      state: 'ok',
      found: `${simulated ? 'SANDBOX: a simulated' : ''} Nextcloud ${version} answers at ${url.href}`.trim()
    }
  }
  const { variant, message } = (
    server.kind === 'failed' ? server.error : undefined
  ) as Partial<NextcloudError>
  return {
    name,
    state: 'error',
    found: variant ? `${message}` : `Nextcloud did not answer at ${url.href}`,
    means: 'Nothing can be asked of it. Operations wait, and go on by themselves once it answers.',
    mend: mends(variant, message ?? '', url, publicUrl)
  }
}

function mends(variant: Variant | undefined, message: string, url: URL, publicUrl: URL): string {
  if (variant === 'untrusted-host')
    return `${addToList('trusted_domains', publicUrl.host)}; or set NEXTCLOUD_PUBLIC_URL to the address by which people reach it`
  if (/certificate/.test(message))
    return 'Give Nextcloud a certificate that is valid for this name; for a CA of your own set NODE_EXTRA_CA_CERTS=/path/to/ca.pem'
  if (/redirected/.test(message))
    return 'Set NEXTCLOUD_URL to the address that it redirects to; behind a proxy that ends TLS: occ config:system:set overwriteprotocol --value=https'
  if (variant === 'rubbish')
    return `Set NEXTCLOUD_URL to Nextcloud itself, with its folder if it has one (it is ${url.href} now); if it is right, see nextcloud.log: its database may be down.`
  if (/ENOTFOUND|EAI_AGAIN/.test(message))
    return `Set NEXTCLOUD_URL to a name that is known here: ${url.hostname} is not.`
  return `Look whether Nextcloud runs, and whether NEXTCLOUD_URL (${url.href}) can be reached from here.`
}
