-- Up Migration

CREATE TABLE audit_event (
  seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  action       text NOT NULL,
  actor        text NOT NULL,                   -- `key:<id>`, `system`, `host` (the command line)
  user_id      text,
  place        text,
  operation_id uuid,                            -- no foreign key: the audit outlives operations
  request_id   text,
  details      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_event_of_user ON audit_event (place, seq);
CREATE INDEX audit_event_of_operation ON audit_event (operation_id, seq);
CREATE INDEX audit_event_of_action ON audit_event (action, seq);
CREATE INDEX audit_event_at ON audit_event (at);

CREATE FUNCTION audit_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are never changed or deleted';
END $$;
CREATE TRIGGER audit_event_is_final BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_event_is_final();
CREATE TRIGGER audit_event_is_not_truncated BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_final();

-- Down Migration
DROP TABLE audit_event;
DROP FUNCTION audit_event_is_final;
