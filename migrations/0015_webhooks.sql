-- Up Migration

-- Who is told of what happens.
CREATE TABLE webhook_endpoint (
  id               uuid PRIMARY KEY,
  url              text NOT NULL,
  description      text NOT NULL DEFAULT '',
  events           text[] CHECK (cardinality(events) > 0), -- null: all, also those of later versions
  secret           bytea NOT NULL,               -- encrypted, see src/integrations/vault.ts
  former_secret    bytea,                        -- the one before, which signs as well while the receiver changes over
  former_until     timestamptz,
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT locksmith_now(),
  quiet_until      timestamptz,                  -- it asked to be left alone until then
  failing_since    timestamptz,                  -- nothing was delivered since; null: the last try was good
  disabled_at      timestamptz,                  -- nothing is recorded for it, and nothing sent
  disabled_because text CHECK (disabled_because IN ('by-hand', 'gone', 'failing')),
  CHECK ((former_secret IS NULL) = (former_until IS NULL)),
  CHECK ((disabled_at IS NULL) = (disabled_because IS NULL))
);

-- The outbox: one row for each event and endpoint, written with the change that it tells of.
CREATE TABLE webhook_delivery (
  endpoint_id   uuid NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
  id            uuid NOT NULL,                   -- of the event: `webhook-id`, the same for every try and endpoint
  type          text NOT NULL,
  data          json NOT NULL,                   -- json: its bytes stay as they are, and so does what is signed
  at            timestamptz NOT NULL DEFAULT locksmith_now(),
  state         text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  attempts      integer NOT NULL DEFAULT 0,      -- since it was recorded, or replayed
  next_at       timestamptz DEFAULT locksmith_now(), -- null: not by itself
  claim         uuid,                            -- the try that is under way; fences what is written of it
  claimed_by    integer,                         -- key of the process that tries
  claimed_until timestamptz,                     -- its lease
  tried_at      timestamptz,                     -- the last try
  result        text,                            -- its HTTP status, or how it failed
  ended_at      timestamptz,
  PRIMARY KEY (endpoint_id, id),
  CHECK ((state = 'pending') = (next_at IS NOT NULL)),
  CHECK ((state = 'pending') = (ended_at IS NULL)),
  CHECK (num_nulls(claim, claimed_by, claimed_until) IN (0, 3))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_claim ON webhook_delivery (claimed_until) WHERE claim IS NOT NULL;
CREATE INDEX webhook_delivery_ended_at ON webhook_delivery (ended_at) WHERE state <> 'pending';

-- Down Migration
DROP TABLE webhook_delivery;
DROP TABLE webhook_endpoint;
