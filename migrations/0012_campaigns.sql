-- Up Migration

-- Asking many people, every few months, whether they are still there. What waits for days is a row with a time in it.
CREATE TABLE campaign (
  id            uuid PRIMARY KEY,
  name          text NOT NULL,
  definition    jsonb NOT NULL,                  -- as it was asked for, with its defaults
  state         text NOT NULL CHECK (state IN ('draft', 'scheduled', 'planning', 'open', 'closing', 'acting', 'paused',
                                               'aborted', 'ended', 'cancelled')),
  round         integer NOT NULL DEFAULT 0,      -- the last one that began
  next_round_at timestamptz,
  occurrence    integer NOT NULL DEFAULT 0,      -- how many dates of the schedule are behind us
  paused_from   text,                            -- where it goes on
  paused_at     timestamptz,
  problem       jsonb,                           -- why it was aborted, or waits
  requested_by  text NOT NULL,
  owner         text NOT NULL,                   -- who answers for the key that asked
  vouchers      text[] NOT NULL,
  request_id    text,
  retry_at      timestamptz,                     -- when it is tried again, where its problem passes by itself
  created_at    timestamptz NOT NULL DEFAULT locksmith_now(),
  ended_at      timestamptz,
  CHECK ((state = 'paused') = (paused_from IS NOT NULL)),
  CHECK ((state = 'paused') = (paused_at IS NOT NULL)),
  CHECK ((state IN ('ended', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX campaign_to_begin ON campaign (next_round_at) WHERE state = 'scheduled';
CREATE INDEX campaign_at_work ON campaign (state) WHERE state IN ('planning', 'open', 'closing', 'acting');

-- One time of asking everybody.
CREATE TABLE round (
  campaign_id uuid NOT NULL REFERENCES campaign ON DELETE CASCADE,
  number      integer NOT NULL,
  claimed_by  integer,                           -- key of the process that plans it, or decides
  began_at    timestamptz NOT NULL DEFAULT locksmith_now(),
  opened_at   timestamptz,                       -- who is asked is known
  closed_at   timestamptz,                       -- no answer counts any more
  ended_at    timestamptz,                       -- all that followed from it is over
  extra       interval NOT NULL DEFAULT '0',     -- everybody's time was extended by so much
  listed      integer,                           -- users that Nextcloud has
  matched     integer,                           -- of them in the audience, before anyone was left out
  anyway      boolean NOT NULL DEFAULT false,    -- a person said that this list is right
  brakes      jsonb NOT NULL DEFAULT '[]',       -- why a second person is asked before anyone is locked out
  manifest    jsonb,                             -- of the report: file → SHA-256
  PRIMARY KEY (campaign_id, number)
);

CREATE TABLE participant (
  campaign_id   uuid NOT NULL,
  round         integer NOT NULL,
  place         text NOT NULL,                   -- the id lower-cased
  user_id       text NOT NULL,
  display_name  text NOT NULL,
  address       text,                            -- as Nextcloud had it when the round was planned
  domain        text,                            -- of the address, lower-cased
  language      text,
  backend       text NOT NULL,
  last_login    timestamptz,
  state         text NOT NULL CHECK (state IN ('out', 'waiting', 'asked', 'confirmed', 'vouched', 'excluded', 'left',
                                               'bounced', 'undelivered', 'silent', 'acting', 'acted', 'spared', 'failed')),
  out_because   text,                            -- why a user of the audience is not asked
  contact       smallint,                        -- which of the campaign's contacts can vouch
  next_mail     smallint,                        -- 0: the invitation; null: none any more
  due_at        timestamptz,                     -- of that mail
  tries         smallint NOT NULL DEFAULT 0,     -- of that mail
  mail_claim    integer,                         -- key of the process that is sending it
  asked_at      timestamptz,                     -- when the first mail was handed over
  over_at       timestamptz,                     -- when the time to answer is over; infinity: more mails come first
  reached       boolean NOT NULL DEFAULT false,  -- one mail at least was accepted, and none came back
  bounce        text CHECK (bounce IN ('soft', 'hard')),
  answer        text CHECK (answer IN ('confirmed', 'vouched', 'excluded', 'left')),
  answered_at   timestamptz,
  answered_by   text,                            -- 'self', a contact's address, or who called
  answer_reason text,
  because       text CHECK (because IN ('silent', 'bounced', 'undelivered', 'left', 'reset')), -- why something is done
  operation_id  uuid,
  result        jsonb,                           -- of the operation, as it was when this was over: it is deleted one day, or retried
  problem       jsonb,                           -- why nothing was done, or it failed
  ended_at      timestamptz,
  PRIMARY KEY (campaign_id, round, place),
  FOREIGN KEY (campaign_id, round) REFERENCES round ON DELETE CASCADE
);
CREATE INDEX participant_in_state ON participant (campaign_id, round, state, place);
CREATE INDEX participant_due ON participant (campaign_id, round, due_at) WHERE next_mail IS NOT NULL AND state IN ('waiting', 'asked');
CREATE INDEX participant_open ON participant (campaign_id, round, over_at) WHERE state IN ('waiting', 'asked', 'bounced');
CREATE INDEX participant_acting ON participant (operation_id) WHERE state = 'acting';
CREATE INDEX participant_sending ON participant (mail_claim) WHERE mail_claim IS NOT NULL;
CREATE INDEX participant_at_address ON participant (campaign_id, round, lower(address)) WHERE address IS NOT NULL;

-- So that nobody counts a hundred thousand rows to say how a campaign stands: that is the sum over all slots.
CREATE TABLE participant_count (
  campaign_id uuid NOT NULL,
  round       integer NOT NULL,
  state       text NOT NULL,
  slot        integer NOT NULL,                  -- of the connection: those that count at one time rarely wait for each other
  n           integer NOT NULL,                  -- below 0 where more left this state by way of this slot than came
  PRIMARY KEY (campaign_id, round, state, slot),
  FOREIGN KEY (campaign_id, round) REFERENCES round ON DELETE CASCADE
);

CREATE FUNCTION count_participants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO participant_count AS c (campaign_id, round, state, slot, n)
  SELECT campaign_id, round, state, pg_backend_pid() % 16, sum(n)
    FROM (SELECT campaign_id, round, state, 1 AS n FROM after_rows
          UNION ALL SELECT campaign_id, round, state, -1 FROM before_rows) AS changes
   GROUP BY 1, 2, 3 HAVING sum(n) <> 0
   ORDER BY 1, 2, 3                              -- always in one order: two that change the same never wait for each other
  ON CONFLICT (campaign_id, round, state, slot) DO UPDATE SET n = c.n + excluded.n;
  RETURN NULL;
END $$;
CREATE FUNCTION count_new_participants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO participant_count AS c (campaign_id, round, state, slot, n)
  SELECT campaign_id, round, state, pg_backend_pid() % 16, count(*) FROM after_rows GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (campaign_id, round, state, slot) DO UPDATE SET n = c.n + excluded.n;
  RETURN NULL;
END $$;
CREATE TRIGGER participant_counted AFTER UPDATE ON participant
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION count_participants();
CREATE TRIGGER new_participant_counted AFTER INSERT ON participant
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION count_new_participants();

-- A customer's contact person, who can vouch for colleagues.
CREATE TABLE contact (
  campaign_id uuid NOT NULL,
  round       integer NOT NULL,
  number      smallint NOT NULL,                 -- as in the definition
  address     text NOT NULL,
  due_at      timestamptz,                       -- of the digest; null: sent, or not to be
  tries       smallint NOT NULL DEFAULT 0,
  mail_claim  integer,
  PRIMARY KEY (campaign_id, round, number),
  FOREIGN KEY (campaign_id, round) REFERENCES round ON DELETE CASCADE
);

-- Each mail to a participant or a contact. What is in its link is not here: only its hash.
CREATE TABLE campaign_mail (
  id          text PRIMARY KEY,                  -- random; in the return path, by which bounces are matched
  campaign_id uuid NOT NULL,
  round       integer NOT NULL,
  place       text,                              -- of the participant
  contact     smallint,                          -- or of the contact
  number      smallint NOT NULL,                 -- 0: the invitation, 1: the first reminder …
  address     text NOT NULL,                     -- as it was sent
  state       text NOT NULL DEFAULT 'begun' CHECK (state IN ('begun', 'accepted', 'refused', 'not-sent', 'unknown')),
  link_hash   bytea UNIQUE,                      -- SHA-256 of what opens the page; null: dead
  response    text,                              -- of the mail server
  begun_at    timestamptz NOT NULL DEFAULT locksmith_now(),
  ended_at    timestamptz,
  bounce      text CHECK (bounce IN ('soft', 'hard')),
  bounced_at  timestamptz,
  bounce_said text,                              -- status and diagnosis, as the other server gave them
  FOREIGN KEY (campaign_id, round) REFERENCES round ON DELETE CASCADE,
  CHECK ((place IS NULL) <> (contact IS NULL))
);
CREATE INDEX mail_of_participant ON campaign_mail (campaign_id, round, place, number);

-- What is known of a mail when its round ends stays as it is: the report of that round has been handed out.
CREATE FUNCTION keep_bounce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM round WHERE campaign_id = OLD.campaign_id AND number = OLD.round AND ended_at >= OLD.bounced_at) THEN
    NEW.bounce := OLD.bounce;
    NEW.bounced_at := OLD.bounced_at;
    NEW.bounce_said := OLD.bounce_said;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bounce_kept BEFORE UPDATE OF bounce, bounced_at, bounce_said ON campaign_mail
  FOR EACH ROW WHEN (OLD.bounced_at IS NOT NULL) EXECUTE FUNCTION keep_bounce();

-- What the campaign's owner is to be told; several go into one mail.
CREATE TABLE campaign_notice (
  id          bigserial PRIMARY KEY,
  campaign_id uuid NOT NULL REFERENCES campaign ON DELETE CASCADE,
  round       integer NOT NULL,
  kind        text NOT NULL,
  details     jsonb NOT NULL,
  due_at      timestamptz NOT NULL DEFAULT locksmith_now() + interval '5 minutes',
  claim       integer,                           -- key of the process that is sending it
  sent_at     timestamptz,
  outcome     text                               -- what the mail server said
);
CREATE INDEX notice_to_send ON campaign_notice (due_at) WHERE sent_at IS NULL;

-- Until when people are known to have reached the confirm page. Time during which it was away, or nobody looked,
-- or by which a clock jumped, is given back to everybody who is asked.
CREATE TABLE confirm_watch (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  seen_at timestamptz
);
INSERT INTO confirm_watch DEFAULT VALUES;

-- A list that somebody is about to be asked about grows before it can be decided.
ALTER TABLE approval ADD COLUMN gathering boolean NOT NULL DEFAULT false;
-- When one that is approved goes on, counted from then: many that are approved at once need not begin at once.
ALTER TABLE operation ADD COLUMN begins_after interval NOT NULL DEFAULT '0';

-- Down Migration
ALTER TABLE operation DROP COLUMN begins_after;
ALTER TABLE approval DROP COLUMN gathering;
DROP TABLE confirm_watch;
DROP TABLE campaign_notice;
DROP TABLE campaign_mail;
DROP FUNCTION keep_bounce;
DROP TABLE contact;
DROP TABLE participant_count;
DROP TABLE participant;
DROP FUNCTION count_new_participants, count_participants;
DROP TABLE round;
DROP TABLE campaign;
