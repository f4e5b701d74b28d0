-- Up Migration

-- Events from before the tree are written anew, as they are now, by whoever starts next: see src/audit/adopt.ts.
ALTER TABLE audit_event RENAME TO audit_event_before;
ALTER INDEX audit_event_pkey RENAME TO audit_event_before_pkey;
DROP INDEX audit_event_of_user, audit_event_of_operation, audit_event_of_action, audit_event_at;
DROP TRIGGER audit_event_is_final ON audit_event_before;
DROP TRIGGER audit_event_is_not_truncated ON audit_event_before;

CREATE SEQUENCE audit_seq AS bigint;
CREATE TABLE audit_event (
  seq          bigint PRIMARY KEY,
  version      smallint NOT NULL DEFAULT 1,
  at           timestamptz NOT NULL DEFAULT locksmith_now(),
  action       text NOT NULL,
  actor        text NOT NULL,                   -- `key:<id>`, `campaign:<id>`, `system`, `host`; of a person the kind alone
  operation_id uuid,                            -- no foreign keys: the audit outlives operations and campaigns
  campaign_id  uuid,
  request_id   text,
  details      jsonb NOT NULL,
  personal     bytea NOT NULL,                  -- SHA-256 over a salt and what is personal, which stands apart
  mac          bytea NOT NULL                   -- who writes knows the key, which is not in the database
);
CREATE INDEX audit_event_of_operation ON audit_event (operation_id, seq) WHERE operation_id IS NOT NULL;
CREATE INDEX audit_event_of_campaign ON audit_event (campaign_id, seq) WHERE campaign_id IS NOT NULL;
CREATE INDEX audit_event_of_action ON audit_event (action, seq);
CREATE INDEX audit_event_of_actor ON audit_event (actor, seq);
CREATE INDEX audit_event_at ON audit_event (at);

-- What is personal in an event. It can be erased, and the event with its place in the tree stays.
CREATE TABLE audit_personal (
  seq            bigint PRIMARY KEY,
  salt           bytea,                         -- NULL: erased, and what is here says so
  actor          text,
  user_id        text,
  place          text,                          -- of the user, in lower case
  source_address text,
  details        jsonb
);
CREATE INDEX audit_personal_of_user ON audit_personal (place, seq) WHERE place IS NOT NULL;
CREATE INDEX audit_personal_of_actor ON audit_personal (actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX audit_personal_reason ON audit_personal (seq) WHERE details ? 'reason';

-- Whose place in an event was taken by a pseudonym.
CREATE TABLE audit_erasure (
  pseudonym text NOT NULL,
  seq       bigint NOT NULL,
  PRIMARY KEY (seq, pseudonym)
);

-- Committed, and not in the tree yet.
CREATE TABLE audit_tail (
  seq     bigint PRIMARY KEY,
  refused boolean NOT NULL DEFAULT false        -- not written by Locksmith: its mac is wrong
);

-- The tree of RFC 9162: leaves in the order in which they were sealed, and the roots of whole subtrees of 256^n leaves.
CREATE TABLE audit_leaf (
  index bigint PRIMARY KEY,
  seq   bigint NOT NULL UNIQUE,
  hash  bytea NOT NULL,
  mac   bytea NOT NULL
);
CREATE TABLE audit_node (
  level smallint NOT NULL,                      -- 8, 16, 24 …
  index bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, index)
);
CREATE TABLE audit_tree (
  one             boolean PRIMARY KEY DEFAULT true CHECK (one),
  size            bigint NOT NULL DEFAULT 0,
  frontier        bytea NOT NULL DEFAULT '',    -- the roots of the whole subtrees, the largest first
  checkpoint      text,                         -- signed, of this size
  pruned          bigint NOT NULL DEFAULT 0,    -- so many leaves are gone
  pruned_frontier bytea NOT NULL DEFAULT '',
  sealed_at       timestamptz
);
INSERT INTO audit_tree DEFAULT VALUES;

-- Those that left the house.
CREATE TABLE audit_checkpoint (
  size bigint PRIMARY KEY,
  at   timestamptz NOT NULL DEFAULT locksmith_now(),
  note text NOT NULL
);

-- How far those who hear of events and checkpoints have heard.
CREATE TABLE audit_cursor (
  name         text PRIMARY KEY,
  next_index   bigint NOT NULL DEFAULT 0,
  lease        uuid,
  lease_until  timestamptz,
  failed_since timestamptz,
  last_error   text
);

-- A slip must not change what is written. Who owns the tables can take this away: the tree is for that one.
CREATE OR REPLACE FUNCTION audit_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' AND current_setting('locksmith.prunes', true) = 'yes' THEN RETURN NULL; END IF;
  IF TG_TABLE_NAME = 'audit_personal' AND current_setting('locksmith.erases', true) = 'yes' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'audit events are never changed or deleted';
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_event', 'audit_personal', 'audit_erasure', 'audit_leaf', 'audit_node', 'audit_checkpoint'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_final()',
                   name || '_is_final', name);
  END LOOP;
  IF EXISTS (SELECT FROM audit_event_before) THEN
    PERFORM setval('audit_seq', (SELECT max(seq) FROM audit_event_before));
  ELSE
    DROP TABLE audit_event_before;
  END IF;
END $$;

-- Down Migration
-- An audit is not taken back.
