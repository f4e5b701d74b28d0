-- Up Migration

-- A stream of security event tokens (SETs) is an endpoint whose deliveries have another form.
ALTER TABLE webhook_endpoint
  ADD COLUMN form             text NOT NULL DEFAULT 'webhook' CHECK (form IN ('webhook', 'set')),
  ADD COLUMN owner            text,             -- of whoever made the stream: nobody else sees it
  ADD COLUMN audience         text[] CHECK (cardinality(audience) > 0),
  ADD COLUMN events_requested text[],           -- URIs, also of events that are not known here; null: whatever there is
  ADD COLUMN paused_at        timestamptz,      -- what happens is recorded, and not sent
  ADD COLUMN status_reason    text,
  ADD COLUMN verify_asked_at  timestamptz,
  ALTER COLUMN secret DROP NOT NULL,            -- of a stream: the Authorization header that its receiver asked for, if any
  ADD CHECK (form = 'set' OR secret IS NOT NULL),
  ADD CHECK (num_nulls(owner, audience) = CASE form WHEN 'set' THEN 0 ELSE 2 END),
  ADD CHECK (form = 'set' OR num_nulls(events_requested, paused_at, status_reason, verify_asked_at) = 4),
  ADD CHECK (form = 'webhook' OR num_nulls(events, former_secret) = 2),
  ADD CHECK (paused_at IS NULL OR disabled_at IS NULL);

ALTER TABLE webhook_delivery
  ADD COLUMN subject text,                      -- of a SET: whom it is about; what is about one person goes in its order
  ADD COLUMN cause   bigint,                    -- seq of the audit event that it tells of
  ADD CHECK (num_nulls(subject, cause) IN (0, 2));
CREATE INDEX webhook_delivery_of_subject ON webhook_delivery (endpoint_id, subject, cause)
  WHERE state = 'pending' AND subject IS NOT NULL;

-- Down Migration
DELETE FROM webhook_endpoint WHERE form = 'set';
ALTER TABLE webhook_delivery DROP COLUMN subject, DROP COLUMN cause;
ALTER TABLE webhook_endpoint
  ALTER COLUMN secret SET NOT NULL,
  DROP COLUMN form, DROP COLUMN owner, DROP COLUMN audience, DROP COLUMN events_requested, DROP COLUMN paused_at,
  DROP COLUMN status_reason, DROP COLUMN verify_asked_at;
