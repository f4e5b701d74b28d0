import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'

/** As long as the random passwords of Locksmith: see secret.ts. */
const ourLength = 96

/** Whether a random password of ours is one that Nextcloud accepts. */
export function checkPasswordPolicy({ policy }: Facts): Finding {
  const name = 'password-policy'
  const without = unanswered(name, policy)
  if (without || policy.kind !== 'answered') return without!
  if (!policy.value) return { name, state: 'ok', found: 'Nextcloud has no password policy.' }
  const { minLength, checksLeaks } = policy.value
  if (minLength > ourLength)
    return {
      name,
      state: 'error',
      found: `Nextcloud wants passwords of ${minLength} characters; those of Locksmith have ${ourLength}.`,
      means: 'No password can be replaced.',
      mend: `occ config:app:set password_policy minLength --value=${ourLength}`
    }
  return {
    name,
    state: 'ok',
    found: `A random password meets it: ${ourLength} characters of every class, and ${minLength} are asked for.`,
    ...(checksLeaks && {
      means:
        'Each is looked up at haveibeenpwned.com by a part of its hash: where Nextcloud cannot reach that, it lets passwords pass.'
    })
  }
}

export function checkEncryption({ encryption }: Facts): Finding {
  const name = 'encryption'
  const without = unanswered(name, encryption)
  if (without || encryption.kind !== 'answered') return without!
  if (encryption.value === 'off') return { name, state: 'ok', found: 'Server-side encryption is off.' }
  if (encryption.value === 'master-key')
    return {
      name,
      state: 'ok',
      found: 'Server-side encryption is on, with a master key.',
      means:
        'Files stay readable after a reset. Nextcloud may report a failure though it did set the password; Locksmith looks again.'
    }
  return {
    name,
    state: 'error',
    found: "Server-side encryption is on, with a key for each user that the user's own password opens.",
    means:
      "Replacing a password makes that user's files unreadable: resets are refused (encryption-per-user-keys).",
    mend: 'Only by decrypting everything first: occ encryption:decrypt-all, then occ encryption:enable-master-key. With OCC_COMMAND or NEXTCLOUD_DATABASE_URL sessions can be revoked without a new password.'
  }
}

const directories: Record<string, string> = {
  user_ldap: 'LDAP',
  user_saml: 'SAML',
  user_oidc: 'OpenID Connect',
  oidc_login: 'OpenID Connect',
  sociallogin: 'social log-in',
  user_external: 'an external server'
}

/** Where users may come from whose password is kept elsewhere. */
export function checkBackends({ apps, config }: Facts): Finding {
  const name = 'user-backends'
  const without = unanswered(name, apps)
  if (without || apps.kind !== 'answered') return without!
  const found = apps.value.filter((app) => Object.hasOwn(directories, app))
  if (found.length === 0)
    return { name, state: 'ok', found: 'No app for a directory or single sign-on is enabled.' }
  const sentence = `Enabled: ${found.map((app) => `${app} (${directories[app]})`).join(', ')}.`
  if (config.occ || config.nextcloudDatabase)
    return {
      name,
      state: 'ok',
      found: sentence,
      means:
        'The password of such users is not in Nextcloud; their sessions and app passwords are revoked by occ or in the database.'
    }
  return {
    name,
    state: 'warning',
    found: sentence,
    means:
      'The password of such users is not in Nextcloud, and without it nothing of them can be revoked over HTTP: they are refused (cannot-set-password).',
    mend: 'Set OCC_COMMAND or NEXTCLOUD_DATABASE_URL'
  }
}
