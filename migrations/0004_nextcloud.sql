-- Up Migration

-- Nextcloud refused the admin's credential: no replica uses it again until it changes (ten more tries
-- would block our address for everyone). `fingerprint` is scrypt over the credential, salted.
CREATE TABLE refused_credential (
  admin_user  text PRIMARY KEY,
  salt        bytea NOT NULL,
  fingerprint bytea NOT NULL,
  refused_at  timestamptz NOT NULL DEFAULT now()
);

-- Our own log-ins as a user set Nextcloud's `lastLogin`: what it said before is kept here, so that
-- "last login" stays a person's.
CREATE TABLE own_login (
  place       text PRIMARY KEY,
  seen_from   timestamptz NOT NULL,             -- a lastLogin from here …
  seen_to     timestamptz NOT NULL,             -- … to here is ours
  last_login  timestamptz                       -- the person's own, before; null: never
);

-- Down Migration
DROP TABLE own_login;
DROP TABLE refused_credential;
