import type { KeyView } from './key.schema.ts'

export const helpdesk: KeyView = {
  id: '4kT0bXr2LmQz',
  name: 'helpdesk',
  scopes: ['users:read', 'users:reset'],
  owner: 'anna@acme.example',
  vouchers: ['host'],
  createdBy: 'key:first',
  createdAt: '2026-11-23T16:03:11.000Z',
  expiresAt: '2027-02-21T16:03:11.000Z',
  lastUsedAt: null,
  revokedAt: null,
  allowedCidrs: ['10.0.0.0/8', '2001:db8::/32'],
  allowedGroups: ['acme'],
  requireIdempotencyKey: false,
  rotatedTo: null
}

export const successor: KeyView = {
  ...helpdesk,
  id: '9wYc3HsVd7Na',
  vouchers: ['host'],
  createdAt: '2026-11-24T08:00:00.000Z',
  expiresAt: '2027-02-22T08:00:00.000Z'
}

export const rotated: KeyView = {
  ...helpdesk,
  expiresAt: '2026-11-25T08:00:00.000Z',
  lastUsedAt: '2026-11-24T07:59:12.000Z',
  rotatedTo: successor.id
}

export const revoked: KeyView = { ...rotated, revokedAt: '2026-11-24T08:10:00.000Z' }

/** No key: the checksum at its end is wrong. */
export const secretOf = ({ id }: KeyView) => `lsk_${id}_Lh5u0oWm2kPq8RzT4vXy6BcD1eFgHiJk000000`
