import { type Problem, problemOf } from '../errors.ts'
import type { ProblemCode } from '../problems.ts'

type Example = [detail: string, extra?: Record<string, unknown>]

/** What callers read, for the document; users are those of the sandbox. A test compares with real answers. */
const details = {
  'malformed-json': ['The body could not be read as JSON. Nothing was done.'],
  'invalid-request': [
    'body/reason must be string. Nothing was done.',
    { errors: [{ at: 'body/reason', message: 'must be string' }] }
  ],
  'invalid-user-id': [
    'A user id has 1 to 64 characters, without slashes and control characters, no space at its ends, and is not dots only. Nothing was done.'
  ],
  unauthorized: ['Send an API key: `Authorization: Bearer lsk_…`. Nothing was done.'],
  'missing-scope': [
    'This needs a key with the scope users:reset (or admin); yours has users:read. Nothing was done.',
    { needed: 'users:reset', has: ['users:read'] }
  ],
  'address-not-allowed': [
    'This key may not be used from 192.0.2.7. Nothing was done. Call from one of its networks; behind a proxy TRUST_PROXY has to name that.'
  ],
  'limited-to-groups': [
    'Your key is for the users of some groups only, and this is not about one user. Nothing was done. Use a key without that limit.',
    { groups: ['acme'] }
  ],
  'rate-limited': [
    'This key has made its 600 requests of this minute. Nothing was done: send it again in 21 s.'
  ],
  'too-many-failed-logins': [
    'From this address 30 requests were refused within a minute, so no key from there is looked at for 21 s. Nothing was done.'
  ],
  'identity-provider-unavailable': [
    'The identity provider https://id.example.org did not give its keys, so its signature could not be checked. Nothing was done: try again in a moment.'
  ],
  'ambiguous-user': [
    'Several users of Nextcloud have the mail address "office@example.org". Nothing was done: name the user by the id.'
  ],
  'unknown-key': ['There is no key 4kT0bXr2LmQz. Nothing was done.'],
  'beyond-own-rights': [
    'A key with this would have more than you have: users:wipe. Nothing was done. Ask for no more than your own scopes and limits, or have somebody do it who has them.',
    { beyond: ['users:wipe'] }
  ],
  'key-not-rotatable': ['The key 4kT0bXr2LmQz is revoked or expired. Nothing was done: make a new one.'],
  'not-found': ['Locksmith has no problem "no-such-code".'],
  'headers-too-large': ['The path and the headers are larger than 16 KiB. Nothing was done.'],
  'body-too-large': ['The body is larger than any request of this API can be. Nothing was done.'],
  'unsupported-media-type': ['Send the body with Content-Type: application/json. Nothing was done.'],
  'idempotency-key-missing': [
    'Your API key may change nothing without an Idempotency-Key: send one, such as a fresh UUID, and the same one when you send the same request again. Nothing was done.'
  ],
  'idempotency-key-invalid': [
    'Idempotency-Key must be one key of 1 to 255 visible ASCII characters without spaces, such as a UUID, bare or in double quotes. Nothing was done.'
  ],
  'idempotency-key-in-flight': [
    'A request with this Idempotency-Key is at work and not answered yet. Nothing more was begun: send it again in a second, and you get the answer to the first.'
  ],
  'idempotency-key-reused': [
    'This Idempotency-Key was used here for another request (path or body differ). Nothing was done: take a fresh key for what is new, and a used one only for the very same request.'
  ],
  'unknown-event': ['There is no event 4711. Some numbers are left out.'],
  'not-sealed-yet': [
    'Event 38 is not in the tree yet, which takes a second at most. Ask again; if it stays so, `locksmith host doctor` says why.'
  ],
  'internal-error': [
    'Something failed that should not. It is in the log under request 01a20925-a3dc-7000-9221-06dc5467591c; whether anything was begun, GET /operations tells.'
  ],
  'database-unavailable': [
    'The database did not answer, so nothing was done. Try again in a moment; /health/ready says when it is back.'
  ],
  'unknown-operation': ['There is no operation 01a20925-a3e6-7000-811c-b7882fb98860.'],
  'operation-already-running': [
    'An operation on "alice" is running (/operations/01a20925-a3e6-7000-811c-b7882fb9886f), and two never work on one user at once. Nothing new was started: wait for that one.',
    { operation: '/operations/01a20925-a3e6-7000-811c-b7882fb9886f' }
  ],
  'operation-not-retryable': [
    'Only an operation that needs attention can be retried; this one is succeeded. Nothing was done.'
  ],
  'operation-not-cancellable': ['This operation is over (succeeded). Nothing was done.'],
  'brake-reached': [
    'A brake is reached: 25 users locked out in 24 hours, of 25 that may be. Nothing was done. The next one may go on at 2026-11-24T09:12:44.120Z.',
    { freeAt: '2026-11-24T09:12:44.120Z', brakes: ['lock-out'] }
  ],
  'awaiting-approval': [
    'A brake is reached: the off-boarding of "alice" is recorded (/operations/01a20925-c3e6-7000-811c-b7882fb98871), and begins once a second person approves it (/approvals/01a20931-0d3e-7000-9c55-2f1d7a3f6a10). Nothing was done yet, so the user is not gone: send it again later.',
    {
      operation: '/operations/01a20925-c3e6-7000-811c-b7882fb98871',
      approval: '/approvals/01a20931-0d3e-7000-9c55-2f1d7a3f6a10'
    }
  ],
  'unknown-approval': ['There is no approval 01a20931-0d3e-7000-9c55-2f1d7a3f6a10. Nothing was done.'],
  'approval-over': [
    'This approval was rejected at 2026-11-23T16:41:07.000Z by key:3kPq9TzX1mLs. Nothing was done.'
  ],
  'approval-changed': [
    'The list is not the one that this hash stands for: users were added or left since it was read. Nothing was done. Read it again, and approve what it is now.',
    { hash: '5f0cde6ad1f5d16a8a2c6b8a8a1a5e7bb1c6ce0e3f9f1b6ad7d6cf0a6c1f2e3d' }
  ],
  'approval-not-allowed': [
    'Your key is known for less than 24 hours. Nothing was done. Let somebody else approve it, or `locksmith host approvals approve` on the host.'
  ],
  'unknown-campaign': ['There is no campaign 01a2093a-77c1-7000-8b1e-9d3f5c7a1e42. Nothing was done.'],
  'report-not-final': [
    'Round 2 goes on, so its report still changes and has no hashes. Nothing was done. Ask again once it has ended; html, csv and json are given now, as of this moment.'
  ],
  'unknown-group': ['Nextcloud has no group "initech".'],
  'unknown-user': ['Nextcloud has no user "nobody". Nothing was done.'],
  'own-account': [
    '"admin" is the account by which Locksmith works on Nextcloud. Nothing was changed. Change it by hand, and then NEXTCLOUD_ADMIN_PASSWORD.'
  ],
  'protected-user': [
    'The user "root" is protected: it is in the group admin, whose members are (PROTECT_ADMINS). Nothing was changed. Whoever has to change this account does so in Nextcloud itself.'
  ],
  'protected-users-unresolved': [
    'It is not known who is protected, so nothing is done to anybody: PROTECTED_GROUPS: "board" is not there. Mend the setting and restart, or make it be there in Nextcloud.',
    { unresolved: ['PROTECTED_GROUPS: "board" is not there'] }
  ],
  stopped: [
    'key:first stopped Locksmith at 2026-11-23T16:03:11.482Z (wrong list of leavers): nothing is done to anybody until POST /resume. Nothing was done.',
    { since: '2026-11-23T16:03:11.482Z' }
  ],
  'user-disabled': [
    'The user "dave" is disabled in Nextcloud: it mails nothing to such a user, and lets nobody log in as one. Nothing was changed. Enable the user first.'
  ],
  'no-mail-address': [
    'The user "frank" has no mail address in Nextcloud, so the mail could not reach anybody. Nothing was changed. Set an address, or ask with "mail": "none" and tell the user yourself.'
  ],
  'cannot-set-password': [
    'The user "erin" comes from the backend "LDAP", which keeps the password elsewhere: neither Nextcloud nor a reset mail can change it. Nothing was changed. Reset it in that directory.',
    { backend: 'LDAP' }
  ],
  'two-factor-user': [
    'The user "carol" has a second factor (totp), at which our own log-in to revoke sessions would end. Nothing was changed.',
    { providers: ['totp'] }
  ],
  'two-factor-enforced': [
    'A second factor is enforced for "carol", at which our own log-in to revoke sessions would end. Nothing was changed.'
  ],
  'password-reset-off': [
    'Nextcloud does not offer "Forgot password?" (lost_password_link is set), so no reset mail can work. Nothing was changed.'
  ],
  'smtp-not-configured': [
    'Locksmith has no SMTP_URL, so it cannot send mail of its own. Nothing was changed. Set SMTP_URL and MAIL_FROM, or ask with "mail": "nextcloud".'
  ],
  'encryption-per-user-keys': [
    'The server encrypts files with each user\'s own password: replacing it would make the files of "alice" unreadable. Nothing was changed.'
  ],
  'needs-password-replacement': [
    'Over HTTP alone sessions and app passwords of "alice" can only be revoked by replacing the password and logging in with it. Ask with replacePassword=true, which includes the reset mail; or set OCC_COMMAND or NEXTCLOUD_DATABASE_URL, by which the password stays. Nothing was changed.'
  ],
  'tokens-not-listable': [
    'Over HTTP alone sessions and app passwords can only be listed by logging in as the user, which needs the password replaced. Set OCC_COMMAND or NEXTCLOUD_DATABASE_URL to list them. Nothing was done.'
  ],
  'campaign-state': ['The campaign is ended: it cannot be paused. Nothing was done.', { state: 'ended' }],
  'participant-state': [
    'This participant is confirmed, and the campaign open: there is nothing to be answered. Nothing was recorded.',
    { state: 'confirmed' }
  ],
  'unknown-participant': ['"nobody" takes no part in this round. Nothing was recorded.'],
  'public-url-not-configured': [
    'Mails of a campaign link to a page of Locksmith, and PUBLIC_URL is not set. Nothing was recorded. Set it to where people reach Locksmith.'
  ],
  'webhooks-not-configured': [
    'Secrets of webhooks are stored encrypted, and WEBHOOK_ENCRYPTION_KEY is not set. Nothing was done. Set it to the output of `openssl rand -base64 32`, and restart.'
  ],
  'webhook-url-not-allowed': [
    'This URL cannot be called. 10.0.5.7 is not a public address, and not on the list of OUTBOUND_ALLOW. Nothing was done.'
  ],
  'too-many-webhooks': [
    'There are 50 webhooks, and no more can be made. Nothing was done: delete one that is not used.'
  ],
  'unknown-webhook': ['There is no webhook 01a20931-77c1-7000-8b1e-2f1d7a3f6a10. Nothing was done.'],
  'webhook-disabled': [
    'This webhook is disabled since 2026-11-23T18:20:45.000Z (gone), so nothing is sent to it. Nothing was done. Enable it first: PATCH /webhooks/01a20931-77c1-7000-8b1e-2f1d7a3f6a10 with {"enabled": true}.',
    { because: 'gone' }
  ],
  'unknown-delivery': [
    'This webhook has no delivery 01a20933-0d3e-7000-9c55-df606ca606b4: there never was one, or it was kept long enough. Nothing was done.'
  ],
  'ssf-not-configured': [
    'Locksmith has no key to sign security events with, or no address to sign in the name of. Nothing was done. Set SSF_SIGNING_KEY and PUBLIC_URL, and restart.'
  ],
  'unknown-stream': ['You have no stream 01a20941-3c5e-7000-8f0a-6b2d9e417c55. Nothing was done.'],
  'too-many-streams': [
    'There are 50 streams, and no more can be made. Nothing was done: delete one that is not used.'
  ],
  'stream-disabled': [
    'This stream is disabled, so nothing is sent over it. Nothing was done. Enable it first, at the status endpoint.'
  ],
  'verification-too-soon': [
    'A verification was asked for less than 30 s ago. Nothing was done: ask again in 21 s.'
  ],
  'unknown-token': ['The user "alice" has no token 4711. Nothing was done.'],
  'token-to-be-wiped': [
    'Token 4711 ("Phone") opens nothing any more: its device will learn by it that it must erase. Without it the device would keep everything, so it is not deleted. Nothing was done.'
  ],
  'revocation-unavailable': [
    'occ does not work: it could not be run (ENOENT). See that OCC_COMMAND runs on this host. Nothing was changed.',
    { driver: 'occ' }
  ],
  'nextcloud-unreachable': ['Nextcloud could not be reached (ECONNREFUSED). Nothing was sent.'],
  'nextcloud-maintenance': ['Nextcloud is in maintenance mode. Nothing was done.'],
  'nextcloud-busy': ['Nextcloud asks us to slow down (429). Nothing was done.'],
  'nextcloud-unexpected-answer': ['Nextcloud answered 502 with something that is not its API at "get user".'],
  'nextcloud-credentials-refused': [
    'Nextcloud refused the admin account of Locksmith. It is not used again until NEXTCLOUD_ADMIN_PASSWORD changes (or `locksmith host credentials retry`), so that nothing locks our address out.'
  ],
  'nextcloud-not-allowed': [
    'The account of Locksmith may not do this (get user): it must be in the group admin. Nothing was done.'
  ],
  'nextcloud-untrusted-host': [
    'Nextcloud does not know the host name of NEXTCLOUD_PUBLIC_URL: add it to trusted_domains in its config.php. Nothing was done.'
  ]
} satisfies Partial<Record<ProblemCode, Example>>

/** A problem that the document can show; one that no example is given for cannot be declared at a route. */
export type DeclaredProblem = keyof typeof details

export function problemExample(code: DeclaredProblem): Problem {
  const [detail, extra]: Example = details[code]
  return problemOf(code, detail, extra)
}
