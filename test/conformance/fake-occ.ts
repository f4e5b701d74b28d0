/**
 * Answers as occ of 31.0.2, 33.0.3 and 34.0.1 did when it was tried; the delete that spares a wipe is 34's.
 * `node fake-occ.ts FOLDER occ-arguments…`. FOLDER holds `users/`, `links/` (a file for each, by the id in base64url),
 * `tokens/ID.json`, and what is to go wrong: `noise`, `away`, `killed`, `maintenance`, `lists-fail`.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '', ...words] = process.argv.slice(2)
const isSet = (name: string) => existsSync(join(folder, name))
const at = words.indexOf('--')
const options = (at === -1 ? words : words.slice(0, at)).slice(1)
const given = at === -1 ? [] : words.slice(at + 1)
const [command] = words

function end(code: number, ...lines: string[]): never {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  process.exit(code)
}

const fileOf = (kind: string, id: string) => join(folder, kind, Buffer.from(id).toString('base64url'))
/** Users of the database are found in any case. */
const find = (id: string) =>
  readdirSync(join(folder, 'users'))
    .map((name) => Buffer.from(name, 'base64url').toString())
    .sort((a, b) => Number(b === id) - Number(a === id))
    .find((known) => known === id || known.toLowerCase() === id.toLowerCase())

if (isSet('killed')) process.kill(process.pid, 'SIGKILL')
if (isSet('away')) {
  end(
    1,
    'An unhandled exception has been thrown:',
    'Doctrine\\DBAL\\Exception: Failed to connect to the database: SQLSTATE[08006]'
  )
}
if (isSet('maintenance')) {
  process.stderr.write(
    'Nextcloud is in maintenance mode, no apps are loaded.\nCommands provided by apps are unavailable.\n'
  )
}
if (isSet('noise')) {
  process.stderr.write('PHP Warning:  Module "apcu" is already loaded in Unknown on line 0\n')
  process.stdout.write(
    '\nDeprecated: Optional parameter [] in /srv/app.php on line 3\n[not json\n{"app":"says"}\n'
  )
}
for (const option of options)
  if (!/^--(output=json|no-interaction|no-ansi|delete)$/.test(option))
    end(1, `The "${option}" option does not exist.`)

const [userId = '', first = '', second = ''] = given
switch (command) {
  case 'status':
    end(
      0,
      JSON.stringify({
        installed: true,
        version: '34.0.1.2',
        maintenance: isSet('maintenance'),
        needsDbUpgrade: false
      })
    )
    break
  case 'user:info': {
    const user = find(userId)
    if (user === undefined) end(1, 'user not found')
    end(
      0,
      JSON.stringify({ user_id: user, display_name: user, enabled: true, groups: [], backend: 'Database' })
    )
    break
  }
  case 'user:auth-tokens:list': {
    const user = find(userId)
    if (user === undefined) end(1, 'user not found')
    if (isSet('lists-fail')) end(0, '[{"id":')
    const tokens = readdirSync(join(folder, 'tokens')).flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(folder, 'tokens', name), 'utf8'))]
      } catch {
        return []
      }
    })
    const own = tokens.filter(({ uid }) => uid === user).slice(0, 1_000)
    end(0, JSON.stringify(own.map(({ uid, ...token }) => ({ ...token, scope: { filesystem: true } }))))
    break
  }
  case 'user:auth-tokens:delete': {
    if (given.length > 2) end(1, 'Too many arguments to "user:auth-tokens:delete" command')
    const file = join(folder, 'tokens', `${Number.parseInt(first, 10)}.json`)
    if (!existsSync(file)) {
      process.stderr.write('\nIn PublicKeyTokenMapper.php line 103:\n\n  token does not exist  \n\n')
      end(1)
    }
    const { uid, type } = JSON.parse(readFileSync(file, 'utf8'))
    if (type === 2) {
      end(
        1,
        `Token ${first} is marked for remote wipe. Pass --cancel-wipe to delete it anyway; the pending wipe will not run.`
      )
    }
    if (uid === userId) rmSync(file, { force: true })
    end(0)
    break
  }
  case 'user:setting': {
    const user = find(userId)
    if (user === undefined) end(1, `The user "${userId}" does not exist.`)
    if (options.includes('--delete')) {
      if (first === 'core' && second === 'lostpassword') rmSync(fileOf('links', user), { force: true })
      end(0)
    }
    const core = existsSync(fileOf('links', user)) && { core: { lostpassword: 'd39c|2a21|0738|3' } }
    end(0, JSON.stringify({ ...core, settings: { display_name: user } }))
    break
  }
  default:
    process.stderr.write(`\n  Command "${command}" is not defined.  \n\n`)
    end(1)
}
