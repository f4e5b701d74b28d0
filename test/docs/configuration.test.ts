import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { environment, readConfig } from '../../src/config.ts'
import { makeSigningKey } from '../integrations/ssf/signing-key.ts'
import { signingKey } from '../support/audit-keys.ts'
import { rowsOf } from './tables.ts'

const page = readFileSync(new URL('../../docs/CONFIGURATION.md', import.meta.url), 'utf8')

/** Rows of the tables: variable, default, whether NAME_FILE works. */
const documented = rowsOf(page).flatMap(([variable = '', usual = '', file]) => {
  const name = /^`([A-Z_]+)`$/.exec(variable)?.[1]
  return name === undefined ? [] : [{ name, usual, file: file === 'yes' }]
})
const known = environment.properties as Record<string, { default?: unknown }>

t.test('the page has every variable that Locksmith reads, once, and no other', async (t) => {
  t.strictSame(documented.map(({ name }) => name).toSorted(), Object.keys(known).toSorted())
})

t.test('the defaults on the page are those of the code', async (t) => {
  for (const { name, usual } of documented) {
    const { default: value } = known[name]!
    if (value === undefined)
      t.notMatch(usual, /^`(?!NEXTCLOUD_URL|DATABASE_URL)/, `${name}: no value of its own`)
    else t.equal(usual, `\`${value}\``, name)
  }
})

t.test('a value can come from a file where the page says so, and nowhere else', async (t) => {
  const values: Record<string, string> = {
    NEXTCLOUD_ADMIN_PASSWORD: 'secret',
    DATABASE_URL: 'postgres://a:b@c/d',
    MIGRATION_DATABASE_URL: 'postgres://a:b@c/d',
    NEXTCLOUD_MORE_ADMINS: 'second:its-password',
    AUDIT_SIGNING_KEY: signingKey,
    AUDIT_CHECKPOINT_URL: 'https://log.example.org/checkpoints',
    AUDIT_CHECKPOINT_AUTHORIZATION: 'Bearer value-from-a-file',
    AUDIT_FORWARD_URL: 'syslog+tls://log.example.org',
    AUDIT_FORWARD_AUTHORIZATION: 'Bearer value-from-a-file',
    LOCKSMITH_API_KEY: 'a-key-of-twenty-four-characters',
    OIDC_ISSUERS: '[{"issuer": "https://id.example.org", "audience": "locksmith"}]',
    SMTP_URL: 'smtp://mail.example.org',
    BOUNCE_IMAP_URL: 'imaps://a:b@mail.example.org',
    APPAPI_SECRET: 'value-from-a-file',
    SSF_SIGNING_KEY: makeSigningKey().trim(),
    WEBHOOK_ENCRYPTION_KEY: 'q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=',
    NEXTCLOUD_DATABASE_URL: 'mysql://a:b@c/d',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-token=from-a-file'
  }
  const nextcloud = { NEXTCLOUD_URL: 'https://cloud.example.org', NEXTCLOUD_ADMIN_USER: 'locksmith' }
  const others = {
    NEXTCLOUD_ADMIN_PASSWORD: 'other',
    MAIL_FROM: 'a@example.org'
  }
  const app = { APPAPI_ID: 'locksmith', APPAPI_VERSION: '1.0.0' }
  const bounces = { BOUNCE_ADDRESS: 'bounces@example.org', SMTP_URL: 'smtp://mail.example.org' }
  const needs: Record<string, Record<string, string>> = {
    APPAPI_SECRET: app,
    BOUNCE_IMAP_URL: bounces,
    AUDIT_CHECKPOINT_AUTHORIZATION: { AUDIT_CHECKPOINT_URL: 'https://log.example.org/checkpoints' },
    AUDIT_FORWARD_AUTHORIZATION: { AUDIT_FORWARD_URL: 'https://log.example.org/events' }
  }
  for (const { name, file } of documented) {
    const path = join(t.testdir(), name)
    writeFileSync(path, `${values[name] ?? 'value-from-a-file'}\n`)
    const { [name]: _, ...rest }: Record<string, string> = {
      ...nextcloud,
      ...others,
      ...needs[name]
    }
    const read = () => (readConfig({ ...rest, [`${name}_FILE`]: path }) as Record<string, unknown>)[name]
    if (file) t.equal(read(), values[name], `${name}_FILE is read`)
    else if (name in nextcloud) t.throws(read, /is missing/, `${name}_FILE is not read`)
    else t.notMatch(String(read()), 'value-from-a-file', `${name}_FILE is not read`)
  }
})
