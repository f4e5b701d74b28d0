-- Up Migration

-- Whom a signed request was used for: it is good for nobody else.
ALTER TABLE received_signal ADD COLUMN place text; -- null: nobody was found, or it is from before this column

-- Down Migration
ALTER TABLE received_signal DROP COLUMN place;
