import type { Call } from '../http/route.ts'
import type { Settings } from '../model/settings.ts'

/** One of the checks on the admin's overview page. */
function check(name: string, severity: 'success' | 'info' | 'warning' | 'error', description: string | null) {
  return { name, severity, description, descriptionParameters: null, linkToDoc: null }
}

export function setupChecks({ nextcloud, exchange }: Call): Record<string, Record<string, unknown>> {
  const { throttler, settings } = nextcloud
  // One that is trusted and says nothing of who called: on the server itself nobody minds.
  const isNamelessProxy =
    exchange.address !== '127.0.0.1' && settings.trustedProxies.includes(exchange.address)
  const delay = throttler.delayMs(exchange.address, null)
  const slowed = `Your remote address was identified as "${exchange.address}" and is brute-force throttled at the moment slowing down the performance of various requests. If the remote address is not your address this can be an indication that a proxy is not configured correctly.`
  return {
    system: {
      'OCA\\Settings\\SetupChecks\\BruteForceThrottler':
        delay > 0
          ? check('Brute-force Throttle', 'error', slowed)
          : check(
              'Brute-force Throttle',
              'success',
              `Your remote address "${exchange.address}" is not brute-force throttled.`
            )
    },
    security: {
      'OCA\\Settings\\SetupChecks\\ForwardedForHeaders': isNamelessProxy
        ? check(
            'Forwarded for headers',
            'warning',
            'The reverse proxy header configuration is incorrect, or you are accessing Nextcloud from a trusted proxy. If not, this is a security issue and can allow an attacker to spoof their IP address as visible to the Nextcloud.'
          )
        : check('Forwarded for headers', 'success', null)
    },
    config: {
      'OCA\\Settings\\SetupChecks\\EmailTestSuccessful': mailTest(settings)
    }
  }
}

function mailTest({ mailServerDown, mailTest }: Settings) {
  if (mailTest === 'disabled')
    return check('Email test', 'success', 'Mail delivery is disabled by instance config "mail_smtpmode".')
  return mailServerDown || mailTest === 'not-done'
    ? check(
        'Email test',
        'info',
        'You have not set or verified your email server configuration, yet. Please head over to the "Basic settings" in order to set them. Afterwards, use the "Send email" button below the form to verify your settings.'
      )
    : check('Email test', 'success', 'Email test was successfully sent')
}
