-- Up Migration

-- Who is signed in to the console, by a key or at an identity provider. The cookie's value is stored nowhere.
CREATE TABLE console_session (
  hash        bytea PRIMARY KEY,                -- SHA-256 of the cookie's value
  actor       text NOT NULL,                    -- as in the audit
  key_id      text REFERENCES api_key,          -- the session is worth no more than this key is now
  first_proof bytea,                            -- of LOCKSMITH_API_KEY: SHA-256 over the cookie's value and the key
  issuer      text,                             -- of an identity provider
  caller      jsonb,                            -- what its access token allowed
  created_at  timestamptz NOT NULL DEFAULT locksmith_now(),
  used_at     timestamptz NOT NULL DEFAULT locksmith_now(),
  expires_at  timestamptz NOT NULL,
  CHECK (num_nonnulls(key_id, first_proof, issuer) = 1),
  CHECK ((issuer IS NULL) = (caller IS NULL))
);
CREATE INDEX console_session_expires_at ON console_session (expires_at);

-- Down Migration
DROP TABLE console_session;
