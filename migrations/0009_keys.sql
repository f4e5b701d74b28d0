-- Up Migration

-- Who answers for a key, since when, until when, from where and for whom it works.
ALTER TABLE api_key
  ADD COLUMN owner          text,
  ADD COLUMN vouchers       text[] NOT NULL DEFAULT '{}', -- the owners of those who made it
  ADD COLUMN created_by     text NOT NULL DEFAULT 'host',
  ADD COLUMN since          timestamptz,                  -- a key that rotates itself keeps it
  ADD COLUMN expires_at     timestamptz,
  ADD COLUMN last_used_at   timestamptz,                  -- a minute old at most
  ADD COLUMN allowed_cidrs  text[] CHECK (cardinality(allowed_cidrs) > 0),  -- null: from anywhere
  ADD COLUMN allowed_groups text[] CHECK (cardinality(allowed_groups) > 0), -- null: all users
  ADD COLUMN lineage        text[] NOT NULL DEFAULT '{}', -- the keys whose place it took, oldest first
  ADD COLUMN rotated_to     text REFERENCES api_key;
UPDATE api_key SET owner = 'key:' || id, since = created_at;
ALTER TABLE api_key
  ALTER COLUMN owner SET NOT NULL,
  ALTER COLUMN since SET NOT NULL,
  ALTER COLUMN since SET DEFAULT locksmith_now();
CREATE INDEX api_key_created_at ON api_key (created_at DESC, id DESC);

-- Since when a subject of an identity provider is known: written once.
CREATE TABLE oidc_subject (
  issuer     text NOT NULL,
  sub        text COLLATE "C" NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT locksmith_now(),
  PRIMARY KEY (issuer, sub)
);

-- Down Migration
DROP TABLE oidc_subject;
DROP INDEX api_key_created_at;
-- What is limited would be limited no more.
UPDATE api_key SET revoked_at = coalesce(revoked_at, locksmith_now())
 WHERE expires_at IS NOT NULL OR allowed_cidrs IS NOT NULL OR allowed_groups IS NOT NULL;
ALTER TABLE api_key
  DROP COLUMN rotated_to,
  DROP COLUMN lineage,
  DROP COLUMN allowed_groups,
  DROP COLUMN allowed_cidrs,
  DROP COLUMN last_used_at,
  DROP COLUMN expires_at,
  DROP COLUMN since,
  DROP COLUMN created_by,
  DROP COLUMN vouchers,
  DROP COLUMN owner;
