-- The whole model of the skeleton. Instants are timestamptz; money is whole centavos; every rule that must never break is a constraint here.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- People ---------------------------------------------------------------------------------------------------------------

CREATE TABLE app_user (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  image text,
  role text NOT NULL DEFAULT 'USER',
  localidad text NOT NULL DEFAULT '-',
  telefono text,
  nivel text NOT NULL DEFAULT 'inicial',
  newsletter text NOT NULL DEFAULT 'no',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT app_user_email_unique UNIQUE (email),
  CONSTRAINT app_user_email_lower CHECK (email = lower(email)),
  CONSTRAINT app_user_role CHECK (role IN ('USER', 'ADMIN', 'MOD')),
  CONSTRAINT app_user_nivel CHECK (nivel IN ('inicial', 'basico', 'intermedio', 'avanzado')),
  CONSTRAINT app_user_newsletter CHECK (newsletter IN ('si', 'no'))
);

CREATE TABLE user_identity (
  provider text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (provider, subject)
);
CREATE INDEX user_identity_user ON user_identity (user_id);

CREATE TABLE session (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  renewed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

-- One attempt to sign in or to connect a calendar; single use.
CREATE TABLE sign_in_attempt (
  state_hash text PRIMARY KEY,
  browser_hash text NOT NULL,
  purpose text NOT NULL,
  nonce text NOT NULL,
  verifier text NOT NULL,
  return_to text NOT NULL,
  user_id uuid REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT sign_in_attempt_purpose CHECK (purpose IN ('login', 'calendar')),
  CONSTRAINT sign_in_attempt_calendar_has_user CHECK (purpose = 'login' OR user_id IS NOT NULL)
);
CREATE INDEX sign_in_attempt_expiry ON sign_in_attempt (expires_at);

-- The academy ----------------------------------------------------------------------------------------------------------

CREATE TABLE teacher (
  id uuid PRIMARY KEY,
  -- Whoever signs in with this address becomes this teacher.
  email text NOT NULL,
  user_id uuid REFERENCES app_user (id),
  display_name text NOT NULL,
  calendar_id text NOT NULL DEFAULT 'primary',
  slot_minutes integer NOT NULL DEFAULT 60,
  min_notice_minutes integer NOT NULL DEFAULT 120,
  horizon_days integer NOT NULL DEFAULT 60,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT teacher_email_unique UNIQUE (email),
  CONSTRAINT teacher_user_unique UNIQUE (user_id),
  CONSTRAINT teacher_slot CHECK (slot_minutes BETWEEN 15 AND 240),
  CONSTRAINT teacher_notice CHECK (min_notice_minutes BETWEEN 0 AND 43200),
  CONSTRAINT teacher_horizon CHECK (horizon_days BETWEEN 1 AND 365)
);

-- Opening hours: wall times in Argentina; 1 = Monday … 7 = Sunday. '24:00' closes at midnight.
CREATE TABLE opening_interval (
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  weekday smallint NOT NULL,
  opens time NOT NULL,
  closes time NOT NULL,
  PRIMARY KEY (teacher_id, weekday, opens),
  CONSTRAINT opening_interval_weekday CHECK (weekday BETWEEN 1 AND 7),
  CONSTRAINT opening_interval_order CHECK (closes > opens)
);

CREATE TABLE blackout (
  id uuid PRIMARY KEY,
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  note text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  CONSTRAINT blackout_order CHECK (ends_at > starts_at)
);
CREATE INDEX blackout_teacher ON blackout (teacher_id, starts_at);

-- The teacher's calendar grant. The refresh token is sealed (kernel/secret-box) with the row's id as context.
CREATE TABLE google_connection (
  teacher_id uuid PRIMARY KEY REFERENCES teacher (id),
  id uuid NOT NULL UNIQUE,
  subject text NOT NULL,
  email text NOT NULL,
  scopes text[] NOT NULL,
  sealed_refresh_token text NOT NULL,
  status text NOT NULL,
  last_ok_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  connected_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT google_connection_status CHECK (status IN ('connected', 'disconnected', 'error'))
);

-- Last known busy time of each teacher's calendar. `covers_from`..`covers_to` is the range that was read at `read_at`.
CREATE TABLE busy_snapshot (
  teacher_id uuid PRIMARY KEY REFERENCES teacher (id),
  covers_from timestamptz NOT NULL,
  covers_to timestamptz NOT NULL,
  read_at timestamptz NOT NULL
);
CREATE TABLE busy_interval (
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (teacher_id, starts_at, ends_at)
);

-- Classes --------------------------------------------------------------------------------------------------------------

CREATE TABLE virtual_class (
  id uuid PRIMARY KEY,
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  booked_by_id uuid NOT NULL REFERENCES app_user (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  class_type text NOT NULL,
  max_participants smallint NOT NULL,
  price_centavos bigint NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  learning_focus text,
  host_type text NOT NULL DEFAULT 'anfitrion',
  activity_status text NOT NULL DEFAULT 'pending',
  -- Unpaid: when the hold ends. Paid: null.
  hold_expires_at timestamptz,
  paid_at timestamptz,
  -- The calendar event. `event_generation` and `conference_attempt` make its id and request id (google.md 2.3).
  google_event_id text,
  event_generation integer NOT NULL DEFAULT 0,
  conference_attempt integer NOT NULL DEFAULT 0,
  meet_url text,
  calendar_page_url text,
  summary text,
  description text,
  calendar_state text NOT NULL DEFAULT 'none',
  calendar_attempts integer NOT NULL DEFAULT 0,
  calendar_error text,
  cancelled_at timestamptz,
  cancelled_by_id uuid REFERENCES app_user (id),
  cancel_reason text,
  reschedule_count integer NOT NULL DEFAULT 0,
  previous_starts_at timestamptz,
  -- Cancelled, and what was paid for it has to go back, now or as soon as the provider lets it.
  refund_owed boolean NOT NULL DEFAULT false,
  refund_lapsed boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT virtual_class_seats_key UNIQUE (id, max_participants),
  CONSTRAINT virtual_class_event_unique UNIQUE (google_event_id),
  CONSTRAINT virtual_class_order CHECK (ends_at > starts_at),
  CONSTRAINT virtual_class_type CHECK (class_type IN ('individual', 'grupal')),
  CONSTRAINT virtual_class_seats CHECK (
    (class_type = 'individual' AND max_participants = 1) OR (class_type = 'grupal' AND max_participants BETWEEN 2 AND 5)
  ),
  CONSTRAINT virtual_class_price CHECK (price_centavos > 0),
  CONSTRAINT virtual_class_status CHECK (status IN ('pending', 'scheduled', 'completed', 'cancelled')),
  CONSTRAINT virtual_class_host_type CHECK (host_type IN ('anfitrion', 'invitado')),
  CONSTRAINT virtual_class_activity CHECK (activity_status IN ('pending', 'uploaded')),
  CONSTRAINT virtual_class_calendar_state CHECK (calendar_state IN ('none', 'queued', 'synced', 'failed')),
  CONSTRAINT virtual_class_focus CHECK (char_length(learning_focus) <= 100),
  -- A pending class either holds its slot until an instant or is paid.
  CONSTRAINT virtual_class_hold CHECK (status <> 'pending' OR ((hold_expires_at IS NULL) <> (paid_at IS NULL))),
  CONSTRAINT virtual_class_ready CHECK (
    status NOT IN ('scheduled', 'completed') OR (paid_at IS NOT NULL AND google_event_id IS NOT NULL AND meet_url IS NOT NULL)
  ),
  CONSTRAINT virtual_class_cancelled CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL AND cancel_reason IS NOT NULL)),
  CONSTRAINT virtual_class_cancel_reason CHECK (cancel_reason IN (
    'hold_expired', 'payment_rejected', 'host_cancelled', 'admin_cancelled', 'payment_refunded', 'booking_failed', 'event_failed'
  )),
  -- The last referee: a teacher's live classes never overlap.
  CONSTRAINT virtual_class_no_overlap EXCLUDE USING gist (
    teacher_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
  ) WHERE (status IN ('pending', 'scheduled'))
);
CREATE INDEX virtual_class_host ON virtual_class (booked_by_id, starts_at);
CREATE INDEX virtual_class_by_start ON virtual_class (status, starts_at);
CREATE INDEX virtual_class_by_end ON virtual_class (ends_at) WHERE status = 'scheduled';
CREATE INDEX virtual_class_holds ON virtual_class (hold_expires_at) WHERE status = 'pending' AND paid_at IS NULL;

-- Every code ever issued. The key makes a code unique for all time, so that "expired" can always be told from "unknown" (D18a).
CREATE TABLE access_code (
  code text PRIMARY KEY,
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  issued_at timestamptz NOT NULL,
  retired_at timestamptz,
  retire_reason text,
  CONSTRAINT access_code_form CHECK (code ~ '^[A-Z0-9]{8}$'),
  CONSTRAINT access_code_retired CHECK ((retired_at IS NULL) = (retire_reason IS NULL)),
  CONSTRAINT access_code_retire_reason CHECK (retire_reason IN ('rescheduled', 'cancelled'))
);
CREATE UNIQUE INDEX access_code_live ON access_code (class_id) WHERE retired_at IS NULL;

-- Who belongs to a class. `seats` repeats the class's capacity so that the database itself refuses a seat too many.
CREATE TABLE participation (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  class_id uuid NOT NULL,
  rol text NOT NULL,
  seat smallint NOT NULL,
  seats smallint NOT NULL,
  task_id uuid,
  completed boolean NOT NULL DEFAULT false,
  entered_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT participation_once UNIQUE (user_id, class_id),
  CONSTRAINT participation_seat_once UNIQUE (class_id, seat),
  CONSTRAINT participation_rol CHECK (rol IN ('anfitrion', 'participante')),
  CONSTRAINT participation_host_seat CHECK ((rol = 'anfitrion') = (seat = 1)),
  CONSTRAINT participation_capacity CHECK (seat BETWEEN 1 AND seats),
  CONSTRAINT participation_class FOREIGN KEY (class_id, seats) REFERENCES virtual_class (id, max_participants)
);
CREATE INDEX participation_user ON participation (user_id);

-- Money ----------------------------------------------------------------------------------------------------------------

-- One order behind one Mercado Pago preference. Its id is the external reference. Never deleted.
CREATE TABLE payment_order (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  class_id uuid REFERENCES virtual_class (id),
  preference_id text,
  init_point text,
  amount_centavos bigint NOT NULL,
  currency text NOT NULL DEFAULT 'ARS',
  class_type text NOT NULL,
  max_participants smallint NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  expires_at timestamptz NOT NULL,
  merchant_order_id text,
  approved_at timestamptz,
  refunded_centavos bigint NOT NULL DEFAULT 0,
  refunded_at timestamptz,
  refund_reason text,
  -- The payment check: when to ask the provider next; null when nothing is left to ask.
  next_check_at timestamptz,
  checks integer NOT NULL DEFAULT 0,
  last_asked_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT payment_order_preference_unique UNIQUE (preference_id),
  CONSTRAINT payment_order_class_unique UNIQUE (class_id),
  CONSTRAINT payment_order_amount CHECK (amount_centavos > 0),
  CONSTRAINT payment_order_currency CHECK (currency = 'ARS'),
  CONSTRAINT payment_order_status CHECK (status IN ('pending', 'approved', 'rejected', 'refunded')),
  CONSTRAINT payment_order_type CHECK (class_type IN ('individual', 'grupal')),
  CONSTRAINT payment_order_refunded CHECK (refunded_centavos >= 0),
  CONSTRAINT payment_order_approved CHECK (status NOT IN ('approved', 'refunded') OR approved_at IS NOT NULL)
);
CREATE INDEX payment_order_user ON payment_order (user_id, created_at DESC);
CREATE INDEX payment_order_check ON payment_order (next_check_at) WHERE next_check_at IS NOT NULL;

-- One attempt to pay, as the provider last told it. `order_id` is null for money that belongs to no order of ours.
CREATE TABLE provider_payment (
  id text PRIMARY KEY,
  order_id uuid REFERENCES payment_order (id),
  status text NOT NULL,
  status_detail text NOT NULL,
  amount_centavos bigint,
  refunded_centavos bigint NOT NULL DEFAULT 0,
  currency text NOT NULL,
  collector_id text NOT NULL,
  external_reference text,
  merchant_order_id text,
  operation_type text NOT NULL,
  approved_at timestamptz,
  provider_updated_at timestamptz NOT NULL,
  -- What this money is for: `primary` pays the order, `surplus` and `orphan` go back or wait for the admin.
  role text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT provider_payment_id CHECK (id ~ '^[0-9]{1,20}$'),
  CONSTRAINT provider_payment_role CHECK (role IN ('primary', 'surplus', 'orphan')),
  CONSTRAINT provider_payment_refunded CHECK (refunded_centavos >= 0 AND refunded_centavos <= coalesce(amount_centavos, refunded_centavos))
);
CREATE INDEX provider_payment_order ON provider_payment (order_id);

CREATE TABLE refund (
  id uuid PRIMARY KEY,
  payment_id text NOT NULL REFERENCES provider_payment (id),
  order_id uuid REFERENCES payment_order (id),
  amount_centavos bigint NOT NULL,
  reason text NOT NULL,
  state text NOT NULL DEFAULT 'requested',
  attempts integer NOT NULL DEFAULT 0,
  provider_refund_id text,
  last_error text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- At most one full refund per payment, whoever asks for it and however often.
  CONSTRAINT refund_once UNIQUE (payment_id),
  CONSTRAINT refund_amount CHECK (amount_centavos > 0),
  CONSTRAINT refund_state CHECK (state IN ('requested', 'sent', 'approved', 'failed'))
);
CREATE INDEX refund_order ON refund (order_id);
CREATE INDEX refund_open ON refund (updated_at) WHERE state IN ('requested', 'sent');

-- Notifications as they arrived. Ids and outcomes only, no bodies.
CREATE TABLE webhook_inbox (
  id uuid PRIMARY KEY,
  provider text NOT NULL,
  topic text NOT NULL,
  external_id text NOT NULL,
  request_id text,
  signed boolean NOT NULL,
  received_at timestamptz NOT NULL,
  processed_at timestamptz,
  outcome text
);
CREATE INDEX webhook_inbox_received ON webhook_inbox (received_at);
-- What is still to be worked off for one number.
CREATE INDEX webhook_inbox_waiting ON webhook_inbox (provider, topic, external_id) WHERE processed_at IS NULL;

-- Operation ------------------------------------------------------------------------------------------------------------

-- What a person has to look at. One open case per subject and reason.
CREATE TABLE attention_case (
  id uuid PRIMARY KEY,
  subject text NOT NULL,
  subject_id text NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL DEFAULT '',
  opened_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolved_by_id uuid REFERENCES app_user (id),
  CONSTRAINT attention_case_subject CHECK (subject IN ('class', 'order', 'payment', 'refund', 'connection')),
  CONSTRAINT attention_case_reason CHECK (reason IN (
    'amount_mismatch', 'currency_mismatch', 'reference_mismatch', 'unknown_preference', 'no_valid_hold', 'surplus_payment',
    'refund_failed', 'calendar_failed', 'calendar_changed', 'charged_back', 'in_mediation',
    'paid_without_class', 'settlement_failed', 'calendar_disconnected'
  ))
);
CREATE UNIQUE INDEX attention_case_open ON attention_case (subject, subject_id, reason) WHERE resolved_at IS NULL;
CREATE INDEX attention_case_by_date ON attention_case (opened_at DESC) WHERE resolved_at IS NULL;

-- A message to a person. `dedupe_key` makes it be written once however often its cause is repeated.
CREATE TABLE notice (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  class_id uuid REFERENCES virtual_class (id),
  kind text NOT NULL,
  dedupe_key text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'queued',
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  CONSTRAINT notice_dedupe UNIQUE (dedupe_key),
  CONSTRAINT notice_state CHECK (state IN ('queued', 'sent', 'failed', 'skipped'))
);
CREATE INDEX notice_user ON notice (user_id, created_at DESC);

CREATE TABLE audit_log (
  id uuid PRIMARY KEY,
  actor_id uuid REFERENCES app_user (id),
  action text NOT NULL,
  subject text NOT NULL,
  subject_id text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL
);
CREATE INDEX audit_log_subject ON audit_log (subject, subject_id, at);

CREATE TABLE idempotency_key (
  user_id uuid NOT NULL REFERENCES app_user (id),
  key text NOT NULL,
  body_hash text NOT NULL,
  -- Null while the first request is still at work.
  response jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

CREATE TABLE rate_limit (
  bucket text NOT NULL,
  window_start timestamptz NOT NULL,
  used integer NOT NULL,
  PRIMARY KEY (bucket, window_start)
);
CREATE INDEX rate_limit_age ON rate_limit (window_start);

-- When each timed job was last queued, so that several workers queue it once.
CREATE TABLE timed_job (
  name text PRIMARY KEY,
  last_queued_at timestamptz NOT NULL
);
