-- Up Migration

-- The one clock of all replicas: what waits, expires or is counted within a window goes by it, so that a host
-- whose clock is off does no harm. Tests replace it by a faster one, and days pass in seconds.
CREATE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT clock_timestamp()';

ALTER TABLE operation
  ALTER COLUMN created_at SET DEFAULT locksmith_now(),
  ALTER COLUMN retry_since SET DEFAULT locksmith_now();
ALTER TABLE audit_event ALTER COLUMN at SET DEFAULT locksmith_now();
ALTER TABLE api_key ALTER COLUMN created_at SET DEFAULT locksmith_now();
ALTER TABLE refused_credential ALTER COLUMN refused_at SET DEFAULT locksmith_now();

-- Down Migration
ALTER TABLE refused_credential ALTER COLUMN refused_at SET DEFAULT now();
ALTER TABLE api_key ALTER COLUMN created_at SET DEFAULT now();
ALTER TABLE audit_event ALTER COLUMN at SET DEFAULT clock_timestamp();
ALTER TABLE operation
  ALTER COLUMN created_at SET DEFAULT now(),
  ALTER COLUMN retry_since SET DEFAULT now();
DROP FUNCTION locksmith_now;
