-- Up Migration

-- Whoever answers for the key that asked; nobody approves what the same owner asked for.
ALTER TABLE operation ADD COLUMN owner text NOT NULL DEFAULT 'host';
ALTER TABLE operation ADD COLUMN vouchers text[] NOT NULL DEFAULT '{}';
UPDATE operation SET owner = requested_by;

-- What is counted by a brake: one row for each operation that was let through, not for those that were approved.
CREATE TABLE brake_use (
  brake        text NOT NULL CHECK (brake IN ('lock-out', 'wipe', 'deletion')),
  operation_id uuid NOT NULL REFERENCES operation ON DELETE CASCADE,
  place        text NOT NULL,                   -- a user counts once, however often
  at           timestamptz NOT NULL DEFAULT locksmith_now(), -- the last time that it changed something
  PRIMARY KEY (brake, operation_id)
);
CREATE INDEX brake_use_of_operation ON brake_use (operation_id);

-- How many users Nextcloud lets in; one row.
CREATE TABLE census (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  enabled_users integer,
  counted_at    timestamptz,
  begun_at      timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO census DEFAULT VALUES;

-- One question to a second person: the same thing, to be done to every user on the list. The list are the operations
-- that wait for it.
CREATE TABLE approval (
  id           uuid PRIMARY KEY,
  state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'rejected', 'expired')),
  action       jsonb NOT NULL,                  -- kind and input, without the reason
  action_hash  text NOT NULL,
  brakes       text[] NOT NULL,
  requested_by text NOT NULL,
  owner        text NOT NULL,
  vouchers     text[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT locksmith_now(),
  expires_at   timestamptz NOT NULL,
  decided_at   timestamptz,
  decided_by   text,
  reason       text,
  hash         text,                            -- of the list and the action, as decided
  CHECK ((state = 'pending') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX approval_one_pending ON approval (requested_by, action_hash) WHERE state = 'pending';
CREATE INDEX approval_in_state ON approval (state, id DESC);

ALTER TABLE operation ADD COLUMN approval_id uuid REFERENCES approval;
CREATE INDEX operation_of_approval ON operation (approval_id) WHERE approval_id IS NOT NULL;

-- Down Migration
ALTER TABLE operation DROP COLUMN approval_id, DROP COLUMN owner, DROP COLUMN vouchers;
DROP TABLE approval;
DROP TABLE census;
DROP TABLE brake_use;
