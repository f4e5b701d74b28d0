-- Up Migration

-- One row, which says whether anything may be done at all. Read by every step before it changes something.
CREATE TABLE stop (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  since   timestamptz,                     -- null: not stopped
  by      text,                            -- `key:<id>`, `host` …
  reason  text,
  CHECK ((since IS NULL) = (by IS NULL))
);
INSERT INTO stop DEFAULT VALUES;

-- Down Migration
DROP TABLE stop;
