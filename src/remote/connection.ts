import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createLocksmith, type Locksmith } from './client.ts'
import { UsageError } from './exit.ts'

export type Where = { url?: string; profile?: string; keyFile?: string }
export type Connection = { url: string; apiKey: string }

type Env = Record<string, string | undefined>
type Profile = { url?: unknown; apiKey?: unknown; apiKeyFile?: unknown }

/** No key is sent to another address than it belongs to: that of a profile to its URL, that of the environment to LOCKSMITH_URL or `--url`. */
export function findConnection(env: Env, { url, profile, keyFile }: Where): Connection {
  if (url !== undefined && profile !== undefined)
    throw new UsageError('Say --url or --profile, not both: a profile has a URL of its own.')
  const named = profile ?? (url === undefined && !env.LOCKSMITH_URL ? env.LOCKSMITH_PROFILE : undefined)
  if (named) {
    const found = readProfile(env, named)
    return { url: found.url, apiKey: keyFile === undefined ? found.apiKey() : keyIn(keyFile) }
  }
  const at = url ?? env.LOCKSMITH_URL
  if (!at)
    throw new UsageError(
      'Where is Locksmith? Set LOCKSMITH_URL and LOCKSMITH_API_KEY, or say --profile NAME (docs/CLI.md).'
    )
  const apiKey =
    keyFile !== undefined
      ? keyIn(keyFile)
      : (env.LOCKSMITH_API_KEY ?? (env.LOCKSMITH_API_KEY_FILE && contentOf(env.LOCKSMITH_API_KEY_FILE)))
  if (!apiKey)
    throw new UsageError(
      'The API key is missing: set LOCKSMITH_API_KEY, or LOCKSMITH_API_KEY_FILE, or say --key-file FILE.'
    )
  return { url: at, apiKey }
}

export const profilesFile = (env: Env): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'locksmith', 'profiles.json')

/** `{"acme": {"url": "https://…", "apiKey": "lsk_…"}}`; in place of the key an `apiKeyFile`. */
function readProfile(env: Env, name: string): { url: string; apiKey: () => string } {
  const file = profilesFile(env)
  refuseOpen(file)
  let profiles: Record<string, Profile>
  try {
    profiles = JSON.parse(contentOf(file))
  } catch (error) {
    // What the parser says quotes the file, and the file holds keys.
    throw error instanceof UsageError ? error : new UsageError(`${file} is not JSON.`)
  }
  const profile = Object.hasOwn(Object(profiles), name) ? profiles[name] : undefined
  if (!profile)
    throw new UsageError(
      `${file} has no profile "${name}". It has: ${Object.keys(Object(profiles)).join(', ')}.`
    )
  const { url, apiKey, apiKeyFile } = profile
  if (typeof url !== 'string' || (typeof apiKey !== 'string') === (typeof apiKeyFile !== 'string'))
    throw new UsageError(`${file}: "${name}" needs a url, and one of apiKey and apiKeyFile.`)
  return {
    url,
    apiKey: () => (typeof apiKey === 'string' ? apiKey : keyIn(resolve(dirname(file), apiKeyFile as string)))
  }
}

/** A file that somebody chose for this; what an orchestrator mounts has modes of its own. */
function keyIn(file: string): string {
  refuseOpen(file)
  return contentOf(file)
}

/** @throws UsageError where others than its owner can read it */
function refuseOpen(file: string): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode
  if (mode !== undefined && (mode & 0o077) !== 0)
    throw new UsageError(`${file} can be read by others than you, and holds a key: chmod 600 ${file}`)
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** Of many requests none is given up because another minute has to begin. */
const patience = { attempts: 8, longestPause: 120_000 }

/** @throws UsageError for a URL or key that cannot be one */
export function connect({ url, apiKey }: Connection): Locksmith {
  try {
    return createLocksmith({ url, apiKey, ...patience })
  } catch (error) {
    throw new UsageError(
      error instanceof TypeError ? error.message : 'The URL is none: https://locksmith.example.org'
    )
  }
}
