-- What the teacher noted about a class, what a person is to see again, and what a model was asked for.

-- For the next exercises of whoever was there.
CREATE TABLE class_note (
  class_id uuid PRIMARY KEY REFERENCES virtual_class (id),
  went_well text NOT NULL DEFAULT '',
  errors_heard text NOT NULL DEFAULT '',
  vocabulary text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT class_note_length CHECK (greatest(char_length(went_well), char_length(errors_heard), char_length(vocabulary)) <= 2000)
);

-- An item that a person missed, as it was then. `item_hash` names what it asks, so that the same question is one card. `card` is the state of
-- the spacing algorithm.
CREATE TABLE review_card (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  item_hash text NOT NULL,
  item jsonb NOT NULL,
  card jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT review_card_once UNIQUE (user_id, item_hash)
);
CREATE INDEX review_card_due ON review_card (user_id, due_at);

-- One answer in the daily review. `day` is the day in Argentina.
CREATE TABLE review_answer (
  id uuid PRIMARY KEY,
  card_id uuid NOT NULL REFERENCES review_card (id),
  user_id uuid NOT NULL REFERENCES app_user (id),
  day date NOT NULL,
  answer jsonb,
  credit numeric(3, 2) NOT NULL,
  answered_at timestamptz NOT NULL,
  CONSTRAINT review_answer_credit CHECK (credit BETWEEN 0 AND 1),
  -- Sent twice, it counts once.
  CONSTRAINT review_answer_once_a_day UNIQUE (card_id, day)
);
CREATE INDEX review_answer_of_user ON review_answer (user_id, answered_at DESC);

-- What a model was asked for and what that cost.
CREATE TABLE model_call (
  id uuid PRIMARY KEY,
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  user_id uuid NOT NULL REFERENCES app_user (id),
  model text NOT NULL,
  prompt_version text NOT NULL,
  outcome text NOT NULL,
  tokens_in integer NOT NULL,
  tokens_out integer NOT NULL,
  called_at timestamptz NOT NULL,
  CONSTRAINT model_call_tokens CHECK (tokens_in >= 0 AND tokens_out >= 0)
);
CREATE INDEX model_call_at ON model_call (called_at);
