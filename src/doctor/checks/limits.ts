import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { duration } from '../words.ts'

const prefixOf = (address: string) => `${address}/${address.includes(':') ? 128 : 32}`

/** Whether our address is exempt from the protection against guessing, and which address to list. */
export function checkAllowList({ publicFacts, remoteAddress }: Facts): Finding {
  const name = 'allow-list'
  const without = unanswered(name, publicFacts)
  if (without) return without
  const seen = remoteAddress.kind === 'answered' ? remoteAddress.value : undefined
  if (publicFacts.kind === 'answered' && publicFacts.value.allowListed)
    return { name, state: 'ok', found: `Our address${seen ? ` (${seen})` : ''} is on the allow-list.` }
  const range = seen ? prefixOf(seen) : 'OUR-ADDRESS/32'
  return {
    name,
    state: 'warning',
    found: `Our address${seen ? ` (${seen})` : ''} is not on Nextcloud's allow-list.`,
    means:
      'Reset mails are slowed down, about 20 an hour, and failed log-ins of whoever shares the address block us.',
    mend: `Add ${range} under Administration settings → Security → Brute-force IP whitelist, or: occ config:app:set bruteForce whitelist_1 --value=${range} (whitelist_2 … if taken: occ config:list bruteForce)`
  }
}

/** What Nextcloud lets us wait just now. */
export function checkDelay({ publicFacts, remoteAddress }: Facts): Finding {
  const name = 'brute-force-delay'
  const without = unanswered(name, publicFacts)
  if (without) return without
  const delayMs = publicFacts.kind === 'answered' ? publicFacts.value.delayMs : 0
  if (delayMs === 0) return { name, state: 'ok', found: 'Nextcloud does not slow our address down.' }
  const seen = remoteAddress.kind === 'answered' ? remoteAddress.value : undefined
  return {
    name,
    state: 'warning',
    found: `Nextcloud slows our address down, by up to ${delayMs < 1_000 ? `${delayMs} ms` : duration(delayMs)} a call.`,
    means:
      'Failed log-ins or reset mails came from it in the last 12 hours, ours or those of others who share it. On 31 log-ins really take that much longer.',
    mend: `occ security:bruteforce:reset ${seen ?? 'OUR-ADDRESS'}`
  }
}

/** The limits in force, and what they mean. */
export function checkLimits({ publicFacts, ratesLifted, admins }: Facts): Finding {
  const name = 'limits'
  const without = unanswered(name, publicFacts) ?? unanswered(name, ratesLifted)
  if (without) return without
  const listed = publicFacts.kind === 'answered' && publicFacts.value.allowListed
  const lifted = listed && ratesLifted.kind === 'answered' && ratesLifted.value
  const usable = admins.filter(({ account }) => account.kind === 'answered').length
  const mails = listed ? 'about 120 reset mails an hour' : 'about 20 reset mails an hour'
  const passwords = lifted
    ? 'password changes without a limit'
    : `${50 * Math.max(1, usable)} password changes in 10 minutes (50 for each of ${Math.max(1, usable)} admin account(s))`
  return {
    name,
    state: 'ok',
    found: `In force: ${mails} from our address, 5 to one user in half an hour; ${passwords}.`,
    means:
      'Operations above that wait in line, and say until when. Mail of Locksmith\'s own (mail: "smtp") has no such limit.',
    ...(!lifted && {
      mend: `For more: ${listed ? '' : 'see allow-list; then '}occ config:app:set bruteforcesettings apply_allowlist_to_ratelimit --type=boolean --value=true, or further accounts in NEXTCLOUD_MORE_ADMINS`
    })
  }
}
