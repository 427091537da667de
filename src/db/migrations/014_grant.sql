-- The room of a class ------------------------------------------------------------------------------------------------------

-- A room that the teacher gave instead of the one in Google Meet; with it the class has a link whatever Google says.
ALTER TABLE virtual_class ADD COLUMN room_url text;
-- When the link was last seen to work, and since when it is known not to.
ALTER TABLE virtual_class ADD COLUMN link_checked_at timestamptz;
ALTER TABLE virtual_class ADD COLUMN link_broken_at timestamptz;
-- Who was there, as Meet tells it after the class: how often it was asked, and when that was settled.
ALTER TABLE virtual_class ADD COLUMN attendance_checks integer NOT NULL DEFAULT 0;
ALTER TABLE virtual_class ADD COLUMN attendance_read_at timestamptz;
ALTER TABLE virtual_class ADD CONSTRAINT virtual_class_room CHECK (room_url ~ '^https://' AND char_length(room_url) <= 500);

-- Who was there, for how long, and who says so. Null: nobody knows.
ALTER TABLE participation ADD COLUMN attended boolean;
ALTER TABLE participation ADD COLUMN attended_minutes integer;
ALTER TABLE participation ADD COLUMN attendance_source text;
ALTER TABLE participation ADD COLUMN attendance_at timestamptz;
ALTER TABLE participation ADD CONSTRAINT participation_attendance_source CHECK (attendance_source IN ('manual', 'meet'));
ALTER TABLE participation ADD CONSTRAINT participation_attendance CHECK (
  (attended IS NULL) = (attendance_source IS NULL) AND (attended IS NULL) = (attendance_at IS NULL)
  AND (attended_minutes IS NULL OR (attended AND attended_minutes >= 0))
);

-- The grant ----------------------------------------------------------------------------------------------------------------

-- `service_account`: nobody consented; the configured service account acts for the teacher, and there is no refresh token.
ALTER TABLE google_connection ADD COLUMN kind text NOT NULL DEFAULT 'oauth';
ALTER TABLE google_connection ADD CONSTRAINT google_connection_kind CHECK (kind IN ('oauth', 'service_account'));
-- The access token that all processes share, sealed, and who renews it at the moment: one at a time.
ALTER TABLE google_connection ADD COLUMN sealed_access_token text;
ALTER TABLE google_connection ADD COLUMN access_expires_at timestamptz;
ALTER TABLE google_connection ADD COLUMN renewing_id uuid;
ALTER TABLE google_connection ADD COLUMN renewing_until timestamptz;
-- Google ends the grant of an application in testing after seven days, and says so when it gives it.
ALTER TABLE google_connection ADD COLUMN grant_expires_at timestamptz;
-- The daily trial of everything that a class needs, and whether Meet tells this account who was there.
ALTER TABLE google_connection ADD COLUMN tried_at timestamptz;
ALTER TABLE google_connection ADD COLUMN trial_error text;
ALTER TABLE google_connection ADD COLUMN reads_attendance boolean NOT NULL DEFAULT false;

-- What was asked of Google for a teacher, by the hour.
CREATE TABLE google_usage (
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  hour timestamptz NOT NULL,
  calls integer NOT NULL DEFAULT 0,
  limited integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  PRIMARY KEY (teacher_id, hour)
);

DO $$
DECLARE
  reasons text := (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE conrelid = 'attention_case'::regclass AND conname = 'attention_case_reason');
BEGIN
  ALTER TABLE attention_case DROP CONSTRAINT attention_case_reason;
  EXECUTE format('ALTER TABLE attention_case ADD CONSTRAINT attention_case_reason CHECK (%s OR reason IN (%s))', reasons,
    '''link_missing'', ''calendar_trial_failed''');
END $$;
