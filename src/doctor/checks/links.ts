import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { addToList, isInner } from '../words.ts'

/**
 * Where the links in Nextcloud's reset mails will lead. No mail is sent for that: Nextcloud builds other addresses in
 * the same way, and we ask for them as we ask for mails (fact 10).
 */
export function checkLinks({
  publicFacts,
  publicUrl,
  url,
  config,
  simulated,
  remoteAddress
}: Facts): Finding {
  const name = 'reset-links'
  const without = unanswered(name, publicFacts)
  if (without) return without
  const base = publicFacts.kind === 'answered' ? publicFacts.value.linkBase : undefined
  if (!base)
    return {
      name,
      state: 'unknown',
      found: 'Nextcloud does not say how it builds addresses: its app theming is not enabled.',
      mend: 'Send yourself a reset mail, and look at its link.'
    }
  const found = `Links in reset mails will begin with ${base.href}`
  if (base.protocol !== publicUrl.protocol && publicUrl.protocol === 'https:') {
    const seen = (remoteAddress.kind === 'answered' && remoteAddress.value) || 'OUR-ADDRESS'
    return {
      name,
      state: 'error',
      found: `${found}, though people come by ${publicUrl.origin}.`,
      means: 'People send their new password in the clear, or the link does not work.',
      mend: `occ config:system:set overwriteprotocol --value=https; or ${addToList('trusted_proxies', seen)}`
    }
  }
  if (!config.NEXTCLOUD_PUBLIC_URL && !simulated && isInner(base.hostname) && base.host === url.host)
    return {
      name,
      state: 'warning',
      found: `${found}, a name that means something only inside.`,
      means:
        'It is the address by which Locksmith calls. If people reach Nextcloud by another, the link leads them nowhere.',
      mend: `Set NEXTCLOUD_PUBLIC_URL to the address by which people reach Nextcloud, and ${addToList('trusted_domains', 'THAT-HOST')}`
    }
  if (base.origin !== publicUrl.origin || strip(base.pathname) !== strip(publicUrl.pathname))
    return {
      name,
      state: 'warning',
      found: `${found}, not with ${publicUrl.href}`,
      means:
        'Nextcloud overrides what it is asked by (overwritehost, overwriteprotocol or overwritewebroot). Its address wins.',
      mend: `Set NEXTCLOUD_PUBLIC_URL=${strip(base.href)} if people come by that; else occ config:system:set overwritehost --value=${publicUrl.host}`
    }
  return { name, state: 'ok', found: `${found}` }
}

const strip = (path: string) => path.replace(/\/+$/, '')
