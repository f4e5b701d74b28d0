import type { OccCondition, Settings } from '../model/settings.ts'

const library =
  "PHP Startup: Unable to load dynamic library 'xdebug' (tried: /usr/lib/php/20220829/xdebug (/usr/lib/php/20220829/xdebug: cannot open shared object file: No such file or directory)) in Unknown on line 0"

/** What PHP says before occ says anything: with `display_errors` on, as without a php.ini, on stdout too. */
export function warnings(condition: OccCondition): { stdout: string; stderr: string } {
  if (condition !== 'noisy') return { stdout: '', stderr: '' }
  return {
    stdout: `\nWarning: ${library}\n`,
    stderr: `PHP Warning:  ${library}\nThe current PHP memory limit is below the recommended value of 512MB.\n`
  }
}

/** What occ says on stderr of the state of the server, and goes on. */
export function announcements({ maintenance, occ }: Settings, command: string | undefined): string {
  if (occ === 'upgrade')
    return 'Nextcloud or one of the apps require upgrade - only a limited number of commands are available\nYou may use your browser or the occ upgrade command to do the upgrade\n'
  if ((maintenance || occ === 'maintenance') && command !== 'status' && command !== 'maintenance:mode')
    return 'Nextcloud is in maintenance mode, no apps are loaded.\nCommands provided by apps are unavailable.\n'
  return ''
}

/** On stdout, where the answer is looked for. */
export const noDatabase = `An unhandled exception has been thrown:
Doctrine\\DBAL\\Exception: Failed to connect to the database: An exception occurred in the driver: SQLSTATE[08006] [7] connection to server at "127.0.0.1", port 5432 failed: Connection refused
	Is the server running on that host and accepting TCP/IP connections? in /var/www/html/lib/private/DB/Connection.php:237
Stack trace:
#0 /var/www/html/3rdparty/doctrine/dbal/src/Connection.php(458): OC\\DB\\Connection->connect()
#1 /var/www/html/console.php(36): require_once('...')
#2 /var/www/html/occ(33): require_once('...')
#3 {main}`
