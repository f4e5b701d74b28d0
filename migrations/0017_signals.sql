-- Up Migration

-- What an issuer has signed is acted upon once, however often it is sent.
CREATE TABLE received_signal (
  issuer      text NOT NULL,
  id          text NOT NULL,                    -- `jti`
  received_at timestamptz NOT NULL DEFAULT locksmith_now(),
  PRIMARY KEY (issuer, id)
);
CREATE INDEX received_signal_received_at ON received_signal (received_at);

-- Down Migration
DROP TABLE received_signal;
