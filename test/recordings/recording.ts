import { readdirSync, readFileSync } from 'node:fs'

/** One recorded exchange. Secrets and ids are placeholders such as `<user>`. */
export interface Step {
  note: string
  request: {
    method: string
    path: string
    headers: Record<string, string>
    basicAuth?: string
    cookies?: 'session'
    body?: string
  }
  response: { status: number; headers: Record<string, string>; body: string }
}

export interface Recording {
  scenario: string
  nextcloud: string
  steps: Step[]
}

/** In the order in which they were recorded: failed log-ins of one slow down the next. */
export const scenarios = [
  'server',
  'users',
  'password',
  'tokens-survive-a-password-change',
  'revoke-over-http',
  'admin-app-password',
  'one-request-login',
  'two-factor-state',
  'login-refused',
  'disable-and-enable',
  'remote-wipe',
  'reset-mail',
  'maintenance',
  'app-api-login',
  'app-api-refused',
  'passkeys',
  'app-api-enforced',
  'state-after-login',
  'shares',
  'groups',
  'delete-user',
  'wipe-and-disable',
  'two-factor-disable'
] as const

export type Scenario = (typeof scenarios)[number]

export function readRecording(version: string, scenario: Scenario): Recording {
  const text = readFileSync(new URL(`${version}/${scenario}.json`, import.meta.url), 'utf8')
  return JSON.parse(text) as Recording
}

/** The scenarios for which there is a file, sorted. */
export function recordedScenarios(version: string): string[] {
  return readdirSync(new URL(`${version}/`, import.meta.url))
    .map((file) => file.replace(/\.json$/, ''))
    .sort()
}
