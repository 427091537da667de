-- What was said in a class, for its exercises: only while everybody who was there agrees, and for a limited time.
ALTER TABLE app_user ADD COLUMN transcripts_agreed_at timestamptz;
CREATE TABLE class_transcript (
  class_id uuid PRIMARY KEY REFERENCES virtual_class (id),
  body text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  delete_at timestamptz NOT NULL,
  CONSTRAINT class_transcript_length CHECK (char_length(body) BETWEEN 1 AND 20000)
);
CREATE INDEX class_transcript_delete ON class_transcript (delete_at);

-- What a model was asked for: a whole exercise, another item for one, or the marks of a text.
ALTER TABLE model_call ADD COLUMN purpose text NOT NULL DEFAULT 'exercise';
ALTER TABLE model_call ADD CONSTRAINT model_call_purpose CHECK (purpose IN ('exercise', 'item', 'marks'));
CREATE INDEX model_call_of_person ON model_call (user_id, class_id);
