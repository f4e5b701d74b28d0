-- Up Migration

-- What Nextcloud lets us do within a time is counted here, over all replicas. One row a budget, locked while
-- it is counted.
CREATE TABLE limit_state (
  budget       text PRIMARY KEY,                -- such as `password:admin`, `reset-mail`, `reset-mail:alice`
  share        double precision NOT NULL DEFAULT 1, -- of the limit that we use: halved by a 429, doubled by each quiet window
  halved_at    timestamptz,
  closed_until timestamptz
);

-- A use of a budget, or a place in line for one.
CREATE TABLE limit_use (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  budget text NOT NULL,
  holder text NOT NULL,                         -- the operation
  used   boolean NOT NULL,                      -- false: a place in line
  at     timestamptz NOT NULL                   -- when it was used at the latest, or may be
);
CREATE INDEX limit_use_in_order ON limit_use (budget, at);
CREATE UNIQUE INDEX limit_use_one_place ON limit_use (holder, budget) WHERE NOT used;

-- Refused passwords, the admin's and those of users: never more than two in half an hour (ten block our address).
CREATE TABLE failed_login (
  at      timestamptz NOT NULL DEFAULT locksmith_now(),
  account text NOT NULL
);
CREATE INDEX failed_login_at ON failed_login (at);

-- One row for each password that was refused: where replicas have different ones, none forgets another's.
ALTER TABLE refused_credential DROP CONSTRAINT refused_credential_pkey, ADD PRIMARY KEY (admin_user, salt);

-- Whether Nextcloud is away: then nobody calls it but one probe at a time.
CREATE TABLE circuit (
  one           boolean PRIMARY KEY DEFAULT true CHECK (one),
  open_since    timestamptz,                    -- null: closed
  variant       text,
  detail        text,
  probes        integer NOT NULL DEFAULT 0,
  next_probe_at timestamptz,
  closed_at     timestamptz
);
INSERT INTO circuit DEFAULT VALUES;

ALTER TABLE operation
  ADD COLUMN revision integer NOT NULL DEFAULT 0,   -- counts the writes of a claim: one whose COMMIT got no answer is not done twice
  ADD COLUMN cancelled_by text;                     -- who asked for a stop while it ran
ALTER TABLE operation_step
  ADD COLUMN sent_at timestamptz;                   -- when the last attempt sent something that changes the user

-- What waits has no job: its timer is its row.
CREATE INDEX operation_due ON operation (resume_at) WHERE state = 'waiting';

-- What is over is deleted after a time.
CREATE INDEX operation_over ON operation (finished_at) WHERE state IN ('succeeded', 'failed', 'cancelled');

-- Down Migration
DROP INDEX operation_over;
DROP INDEX operation_due;
ALTER TABLE operation_step DROP COLUMN sent_at;
ALTER TABLE operation DROP COLUMN revision, DROP COLUMN cancelled_by;
DROP TABLE circuit;
DELETE FROM refused_credential;
ALTER TABLE refused_credential DROP CONSTRAINT refused_credential_pkey, ADD PRIMARY KEY (admin_user);
DROP TABLE failed_login;
DROP TABLE limit_use;
DROP TABLE limit_state;
