-- Up Migration

-- More that can be done to one user, and operations that begin at a later time: they hold no place until then.
ALTER TABLE operation
  DROP CONSTRAINT operation_kind_check,
  DROP CONSTRAINT operation_state_check,
  ADD CONSTRAINT operation_kind_check CHECK (kind IN ('reset', 'reset-mail', 'revoke', 'disable', 'enable', 'wipe',
                                                      'offboard', 'reinstate', 'delete')),
  ADD CONSTRAINT operation_state_check CHECK (state IN ('queued', 'running', 'waiting', 'awaiting-approval', 'scheduled',
                                                        'succeeded', 'failed', 'needs-attention', 'cancelled'));
-- A newer date takes the place of an older one.
CREATE UNIQUE INDEX operation_one_scheduled ON operation (place) WHERE state = 'scheduled';

-- Down Migration
DELETE FROM operation WHERE kind NOT IN ('reset', 'reset-mail') OR state = 'scheduled';
DROP INDEX operation_one_scheduled;
ALTER TABLE operation
  DROP CONSTRAINT operation_kind_check,
  DROP CONSTRAINT operation_state_check,
  ADD CONSTRAINT operation_kind_check CHECK (kind IN ('reset', 'reset-mail')),
  ADD CONSTRAINT operation_state_check CHECK (state IN ('queued', 'running', 'waiting', 'awaiting-approval',
                                                        'succeeded', 'failed', 'needs-attention', 'cancelled'));
