import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig } from '../src/config.ts'

const given = {
  NEXTCLOUD_URL: 'https://cloud.example.org',
  NEXTCLOUD_ADMIN_USER: 'locksmith',
  NEXTCLOUD_ADMIN_PASSWORD: 'first-hunter2'
}
const adminsOf = (more: string) =>
  readConfig({ ...given, NEXTCLOUD_MORE_ADMINS: more }).nextcloud!.admins.slice(1)

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

t.test('further admins are `user:password`, one a line, whatever the password holds', async (t) => {
  t.same(readConfig(given).nextcloud!.admins, [{ user: 'locksmith', password: 'first-hunter2' }])
  for (const [more, admins] of [
    ['second:pw', [['second', 'pw']]],
    ['second:a:b:c', [['second', 'a:b:c']]],
    [
      'second:pw\nthird:pw3',
      [
        ['second', 'pw'],
        ['third', 'pw3']
      ]
    ],
    [
      'second:pw\r\n\r\n  third : pw 3 \n',
      [
        ['second', 'pw'],
        ['third', 'pw 3']
      ]
    ],
    ['o\'hara@example.org:p#w="1"', [["o'hara@example.org", 'p#w="1"']]]
  ] as const)
    t.same(
      adminsOf(more).map(({ user, password }) => [user, password]),
      admins,
      more
    )
})

t.test('further admins can come by file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-config-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'admins')
  writeFileSync(file, 'second:pw\nthird:pw3\n')
  const { nextcloud } = readConfig({ ...given, NEXTCLOUD_MORE_ADMINS_FILE: file })
  t.same(
    nextcloud!.admins.map(({ user }) => user),
    ['locksmith', 'second', 'third']
  )
})

t.test('what is wrong with them is said by line, and no value is repeated', async (t) => {
  for (const [more, said] of [
    ['hunter2', /line 1, is not of the form/],
    ['second:pw\nhunter2', /line 2, is not of the form/],
    ['second:pw\n\n:hunter2', /line 3, is not of the form/],
    ['x:hunter2\n   :hunter2', /line 2, is not of the form/],
    ['second:   \nthird:hunter2', /line 1, is not of the form/],
    ['second:hunter2\nSecond:hunter2', /names an account twice/],
    ['LOCKSMITH:hunter2', /names an account twice/]
  ] as const) {
    const faults = faultsOf({ ...given, NEXTCLOUD_MORE_ADMINS: more })
    t.match(faults, said, more)
    t.notMatch(faults, /hunter2|second|third/i)
  }
  t.match(
    faultsOf({ NEXTCLOUD_MORE_ADMINS: 'second:hunter2' }),
    /NEXTCLOUD_URL is missing: NEXTCLOUD_MORE_ADMINS alone/
  )
})
