-- Up Migration

-- What a SCIM client knows of a user that Nextcloud has no place for: the identifier that the client gave, and that it
-- has deleted the user. Nextcloud has everything else.
CREATE TABLE scim_user (
  owner       text NOT NULL,                    -- of the keys by which the client calls: each has its own identifiers
  place       text NOT NULL,                    -- the id lower-cased, as in `operation`
  user_id     text NOT NULL,                    -- as Nextcloud writes it
  external_id text COLLATE "C",                 -- letter by letter (RFC 7643, 3.1)
  -- The off-boarding by which it was deleted. What it deleted is hidden from it as long as that stands. Deferred, since
  -- the row is written in the transaction that begins the operation, and before that.
  deleted_by  uuid REFERENCES operation ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  known_since timestamptz NOT NULL DEFAULT locksmith_now(),
  PRIMARY KEY (owner, place)
);
CREATE UNIQUE INDEX scim_user_external_id ON scim_user (owner, external_id);
CREATE INDEX scim_user_deleted_by ON scim_user (deleted_by) WHERE deleted_by IS NOT NULL;

-- Down Migration
DROP TABLE scim_user;
