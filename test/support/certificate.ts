import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const hasOpenssl = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'openssl')))

/** Why tests with TLS cannot run here, if so. In CI they always run: what is lacking fails them. */
export const skipTls = process.env.CI !== 'true' && !hasOpenssl && 'openssl is not on this machine'

/**
 * Makes `cert.pem` and `key.pem` in the folder.
 * @param names as in `subjectAltName` @returns the certificate, which vouches for itself
 */
export function certificateIn(folder: string, names = 'DNS:localhost,IP:127.0.0.1'): string {
  execFileSync(
    'openssl',
    [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=locksmith'.split(
        ' '
      ),
      ...['-addext', `subjectAltName=${names}`],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
    ],
    { stdio: 'pipe' }
  )
  return readFileSync(join(folder, 'cert.pem'), 'utf8')
}
