-- Up Migration

-- What was answered to a request with an `Idempotency-Key`, so that the same request is never done twice.
-- Of the request itself only a hash is kept; `body` is an answer of ours.
CREATE TABLE idempotency_key (
  api_key      text NOT NULL,                   -- its id; no foreign key: the first key stands in no table
  route        text NOT NULL,                   -- method and pattern
  key          text COLLATE "C" NOT NULL,       -- as the caller chose it
  fingerprint  bytea NOT NULL,                  -- SHA-256 of method, path with query, and body
  begun_at     timestamptz NOT NULL DEFAULT locksmith_now(),
  claim        uuid,                            -- the request at work; fences its transaction
  claimed_by   integer,                         -- key of its process's advisory lock; null: it had none just then
  operation_id uuid,                            -- what it began; no foreign key: a key may outlive an operation
  status       smallint,                        -- the answer, once there is one
  headers      jsonb,
  body         bytea,
  PRIMARY KEY (api_key, route, key),
  CHECK (num_nulls(status, headers, body) IN (0, 3)),
  CHECK (claim IS NULL OR status IS NULL),
  CHECK (claim IS NOT NULL OR claimed_by IS NULL),
  CHECK (num_nonnulls(claim, operation_id, status) > 0)
);
CREATE UNIQUE INDEX idempotency_key_in_flight ON idempotency_key (claim) WHERE claim IS NOT NULL;
CREATE INDEX idempotency_key_begun_at ON idempotency_key (begun_at);

ALTER TABLE api_key ADD COLUMN require_idempotency_key boolean NOT NULL DEFAULT false;

-- Down Migration
ALTER TABLE api_key DROP COLUMN require_idempotency_key;
DROP TABLE idempotency_key;
