-- A mirror of each connected calendar, kept by incremental sync; what hands changed in it; and the channels by which Google tells of changes.

-- How far the mirror of a teacher's calendar is. `read_at`, `covers_from`, `covers_to`: what the last complete round found; null before the first one.
CREATE TABLE calendar_sync (
  teacher_id uuid PRIMARY KEY REFERENCES teacher (id),
  read_at timestamptz,
  covers_from timestamptz,
  covers_to timestamptz,
  -- Where the next incremental round goes on; null: everything has to be read.
  sync_token text,
  full_at timestamptz,
  -- Something was read that only a complete reading makes certain.
  full_wanted boolean NOT NULL DEFAULT false,
  -- Something was read that nobody has compared with the classes yet.
  review_wanted boolean NOT NULL DEFAULT false,
  -- The round that is under way. Its pages carry the number of the last complete reading that was begun.
  round integer NOT NULL DEFAULT 0,
  round_kind text CHECK (round_kind IN ('full', 'delta')),
  round_began_at timestamptz,
  round_from timestamptz,
  round_to timestamptz,
  page_token text,
  -- One process at a time; whoever came meanwhile wrote down when.
  lease_id uuid,
  lease_until timestamptz,
  asked_at timestamptz,
  -- Google asked for a pause.
  not_before timestamptz,
  last_error text,
  CHECK ((read_at IS NULL) = (covers_to IS NULL))
);

-- Events of the mirror, recurring ones expanded. Only what availability and the comparison with our classes need: no titles, no people.
CREATE TABLE calendar_event (
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  event_id text NOT NULL,
  -- The class that we made this event for.
  class_id uuid,
  recurring_id text,
  etag text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  all_day boolean NOT NULL,
  -- Opaque, and not declined by the teacher.
  blocks boolean NOT NULL,
  -- Digest of title, description and guests; only of events of our classes.
  content_hash text,
  round integer NOT NULL,
  PRIMARY KEY (teacher_id, event_id)
);
CREATE INDEX calendar_event_time ON calendar_event (teacher_id, ends_at);
CREATE INDEX calendar_event_class ON calendar_event (class_id) WHERE class_id IS NOT NULL;

-- What somebody changed in Google by hand about a class, until it is settled.
CREATE TABLE calendar_edit (
  id uuid PRIMARY KEY,
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  kind text NOT NULL CHECK (kind IN ('moved', 'deleted', 'content', 'conflict')),
  event_id text NOT NULL,
  -- Where the event stands: the proposal of a move, or the other appointment of a conflict.
  starts_at timestamptz,
  ends_at timestamptz,
  -- Why a move was not taken over, or the content that Google keeps.
  detail text NOT NULL DEFAULT '',
  found_at timestamptz NOT NULL,
  settled_at timestamptz,
  outcome text CHECK (outcome IN ('accepted', 'put-back', 'restored', 'cured')),
  CHECK ((settled_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX calendar_edit_open ON calendar_edit (class_id, kind, event_id) WHERE settled_at IS NULL;

-- A channel of Google's push notifications. `resource_id` is null until Google has answered; the token is stored as its digest.
CREATE TABLE calendar_channel (
  id text PRIMARY KEY,
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  grant_id uuid NOT NULL,
  token_hash text NOT NULL,
  resource_id text,
  opened_at timestamptz NOT NULL,
  renew_at timestamptz,
  expires_at timestamptz,
  last_message bigint NOT NULL DEFAULT 0,
  stopped_at timestamptz
);
CREATE INDEX calendar_channel_teacher ON calendar_channel (teacher_id, opened_at);

DO $$
DECLARE
  reasons text := (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE conrelid = 'attention_case'::regclass AND conname = 'attention_case_reason');
BEGIN
  ALTER TABLE attention_case DROP CONSTRAINT attention_case_reason;
  EXECUTE format('ALTER TABLE attention_case ADD CONSTRAINT attention_case_reason CHECK (%s OR reason IN (%s))', reasons,
    '''calendar_conflict'', ''calendar_gone''');
END $$;
