-- Up Migration

-- What Locksmith does to one user. The row is the single truth; a job only says "advance operation N".
CREATE TABLE operation (
  id           uuid PRIMARY KEY,                -- version 7: sorted by time
  kind         text NOT NULL CHECK (kind IN ('reset', 'reset-mail')),
  user_id      text NOT NULL,                   -- as Nextcloud writes it, once it was asked
  place        text NOT NULL,                   -- the id lower-cased: Nextcloud takes `Alice` for `alice`
  state        text NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'awaiting-approval',
                                              'succeeded', 'failed', 'needs-attention', 'cancelled')),
  input        jsonb NOT NULL,
  problem      jsonb,                           -- why it waits, failed, or needs attention
  resume_at    timestamptz,
  retry_since  timestamptz NOT NULL DEFAULT now(), -- patience is counted from here
  claim        uuid,                            -- fences every write: whoever lost the claim writes nothing
  claimed_by   integer,                         -- key of the process's advisory lock
  job          uuid NOT NULL,                   -- the job that advances it, or will
  superseded_by uuid,
  requested_by text NOT NULL,
  request_id   text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  CHECK ((state = 'running') = (claim IS NOT NULL)),
  CHECK ((claim IS NULL) = (claimed_by IS NULL)),
  CHECK ((state IN ('succeeded', 'failed', 'needs-attention', 'cancelled')) = (finished_at IS NOT NULL))
);

-- One at a time: the database settles the race, whatever the replicas do.
CREATE UNIQUE INDEX operation_one_at_a_time ON operation (place) WHERE state IN ('queued', 'running', 'waiting');
CREATE INDEX operation_of_user ON operation (place, id DESC);
CREATE INDEX operation_in_state ON operation (state, id DESC);

CREATE INDEX operation_superseded ON operation (superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE operation_step (
  operation_id uuid NOT NULL REFERENCES operation ON DELETE CASCADE,
  position     smallint NOT NULL,
  name         text NOT NULL,
  state        text NOT NULL DEFAULT 'pending'
               CHECK (state IN ('pending', 'started', 'done', 'skipped', 'waiting', 'failed', 'unknown')),
  attempts     integer NOT NULL DEFAULT 0,
  progress     jsonb,                           -- what an interrupted attempt already knew
  outcome      jsonb,
  problem      jsonb,
  started_at   timestamptz,
  finished_at  timestamptz,
  PRIMARY KEY (operation_id, position)
);

-- Down Migration
DROP TABLE operation_step;
DROP TABLE operation;
