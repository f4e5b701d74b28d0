/** Every problem that Locksmith can name. Each has a page `docs/problems/<code>.md` (a test holds it). */
export const problems = {
  // The request itself
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-user-id': { status: 400, title: 'This cannot be a user id' },
  unauthorized: { status: 401, title: 'No valid API key or access token' },
  'missing-scope': { status: 403, title: 'The API key lacks a scope' },
  'address-not-allowed': { status: 403, title: 'The API key may not be used from this address' },
  'limited-to-groups': { status: 403, title: 'The API key is for the users of some groups only' },
  'rate-limited': { status: 429, title: 'Too many requests with this API key' },
  'too-many-failed-logins': { status: 429, title: 'Too many refused credentials from this address' },
  'identity-provider-unavailable': { status: 503, title: 'The identity provider does not answer' },
  'not-found': { status: 404, title: 'Nothing is here' },
  'request-timeout': { status: 408, title: 'The request did not arrive' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'idempotency-key-missing': { status: 400, title: 'This API key needs an Idempotency-Key' },
  'idempotency-key-invalid': { status: 400, title: 'This cannot be an Idempotency-Key' },
  'idempotency-key-in-flight': {
    status: 409,
    title: 'The first request with this Idempotency-Key is at work'
  },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  stopped: { status: 503, title: 'Locksmith is stopped' },
  'internal-error': { status: 500, title: 'Locksmith failed' },
  'database-unavailable': { status: 503, title: 'The database of Locksmith does not answer' },
  // Keys
  'unknown-key': { status: 404, title: 'No such API key' },
  'beyond-own-rights': { status: 403, title: 'The key would have more than its maker' },
  'key-not-rotatable': { status: 409, title: 'This API key cannot be rotated' },
  // Operations
  'unknown-operation': { status: 404, title: 'No such operation' },
  'operation-already-running': { status: 409, title: 'Another operation works on this user' },
  'operation-not-retryable': { status: 409, title: 'This operation cannot be retried' },
  'operation-not-cancellable': { status: 409, title: 'This operation is over' },
  // A second person
  'awaiting-approval': { status: 409, title: 'A second person has to approve it' },
  'brake-reached': { status: 429, title: 'A brake is reached' },
  'unknown-approval': { status: 404, title: 'No such approval' },
  'approval-over': { status: 409, title: 'This approval is decided' },
  'approval-changed': { status: 409, title: 'The list has changed' },
  'approval-not-allowed': { status: 403, title: 'Somebody else has to approve it' },
  'approval-not-given': { status: 409, title: 'It was not approved' },
  // Campaigns
  'campaign-state': { status: 409, title: 'The campaign is in another state' },
  'participant-state': { status: 409, title: 'This participant cannot be answered for now' },
  'unknown-participant': { status: 404, title: 'Nobody of that id takes part' },
  'public-url-not-configured': { status: 409, title: 'PUBLIC_URL is not set' },
  'user-list-shrank': { status: 409, title: 'Far fewer users than the last time' },
  'unknown-campaign': { status: 404, title: 'No such campaign' },
  'report-not-final': { status: 409, title: 'The round goes on' },
  // The audit log
  'unknown-event': { status: 404, title: 'No such audit event' },
  'not-sealed-yet': { status: 409, title: 'The audit log is not sealed that far' },
  // Why a user cannot be reset
  'unknown-group': { status: 404, title: 'Nextcloud has no such group' },
  'ambiguous-user': { status: 422, title: 'Several users of Nextcloud could be meant' },
  'unknown-user': { status: 404, title: 'Nextcloud has no such user' },
  'own-account': { status: 422, title: 'This is the account of Locksmith itself' },
  'protected-user': { status: 403, title: 'This user is protected from Locksmith' },
  'protected-users-unresolved': { status: 503, title: 'It is not known who is protected' },
  'user-disabled': { status: 409, title: 'The user is disabled' },
  'no-mail-address': { status: 422, title: 'The user has no mail address' },
  'cannot-set-password': { status: 422, title: 'The password of this user is kept elsewhere' },
  'two-factor-user': { status: 422, title: 'The user has a second factor' },
  'two-factor-enforced': { status: 422, title: 'A second factor is enforced for the user' },
  'password-reset-off': { status: 409, title: 'Password reset is switched off in Nextcloud' },
  'smtp-not-configured': { status: 422, title: 'Locksmith has no mail server' },
  'encryption-per-user-keys': {
    status: 422,
    title: 'The files of this user are encrypted with the password'
  },
  'needs-password-replacement': {
    status: 409,
    title: 'Revoking needs the password replaced'
  },
  'user-enabled': { status: 409, title: 'The user is enabled' },
  'tokens-not-listable': { status: 501, title: 'Tokens cannot be listed without a log-in' },
  'unknown-token': { status: 404, title: 'The user has no such token' },
  'token-to-be-wiped': { status: 409, title: 'A device has yet to learn by this token that it must erase' },
  // Webhooks
  'webhooks-not-configured': { status: 409, title: 'WEBHOOK_ENCRYPTION_KEY is not set' },
  'webhook-url-not-allowed': { status: 422, title: 'This URL cannot be called' },
  'too-many-webhooks': { status: 409, title: 'There are as many webhooks as there can be' },
  'unknown-webhook': { status: 404, title: 'No such webhook' },
  'webhook-disabled': { status: 409, title: 'The webhook is disabled' },
  'unknown-delivery': { status: 404, title: 'No such delivery of a webhook' },
  // Streams of security events
  'ssf-not-configured': { status: 409, title: 'SSF_SIGNING_KEY or PUBLIC_URL is not set' },
  'unknown-stream': { status: 404, title: 'No such stream' },
  'too-many-streams': { status: 409, title: 'There are as many streams as there can be' },
  'stream-disabled': { status: 409, title: 'The stream is disabled' },
  'verification-too-soon': { status: 429, title: 'A verification was asked for a moment ago' },
  // What an operation can meet on its way
  'cannot-act-as-user': { status: 422, title: 'Locksmith cannot log in as this user' },
  'residual-access': { status: 502, title: 'Some access is left' },
  'address-changed': { status: 409, title: 'The mail address changed meanwhile' },
  'delivery-unknown': { status: 502, title: 'It is not known whether the mail was asked for' },
  'mail-rejected': { status: 502, title: 'The mail server refused the mail' },
  'mail-server-unavailable': { status: 503, title: 'The mail server does not answer' },
  'login-refused': { status: 502, title: 'Nextcloud refused the password that was just set' },
  'login-needs-second-factor': { status: 502, title: 'The log-in ended at a second factor' },
  'tokens-remain': { status: 502, title: 'Not every session or app password could be revoked' },
  'password-refused': { status: 502, title: 'Nextcloud refused the random password' },
  'effect-unknown': { status: 502, title: 'It is not known whether Nextcloud did it' },
  'stopped-halfway': { status: 409, title: 'Somebody stopped it halfway' },
  'user-let-in': { status: 502, title: 'The user can log in now, and should not' },
  'gave-up': { status: 504, title: 'Locksmith stopped trying' },
  'revocation-unavailable': { status: 503, title: 'The way to revoke does not work at present' },
  // Nextcloud as a whole
  'nextcloud-unreachable': { status: 503, title: 'Nextcloud does not answer' },
  'nextcloud-maintenance': { status: 503, title: 'Nextcloud is in maintenance' },
  'nextcloud-limit': { status: 503, title: 'A limit of Nextcloud is used up for now' },
  'nextcloud-busy': { status: 503, title: 'Nextcloud asks us to slow down' },
  'nextcloud-unexpected-answer': { status: 502, title: 'Nextcloud answered what no Nextcloud answers' },
  'nextcloud-credentials-refused': { status: 503, title: 'Nextcloud refuses the credentials of Locksmith' },
  'nextcloud-not-allowed': { status: 502, title: 'The account of Locksmith may not do this' },
  'nextcloud-password-confirmation': { status: 502, title: 'Nextcloud wants the real password of the admin' },
  'nextcloud-untrusted-host': { status: 502, title: 'Nextcloud does not trust the host name used' }
} as const

export type ProblemCode = keyof typeof problems

export const isKnownProblem = (code: string): code is ProblemCode => Object.hasOwn(problems, code)
