-- Several processes side by side: the pace at which they call Google together. And indexes for lists that were read from one end to the other.

-- When the latest calls with a grant were or will be made, oldest first: all processes take their turns here.
CREATE TABLE google_turn (
  grant_id uuid PRIMARY KEY,
  planned timestamptz[] NOT NULL
);

-- The admin's list of all classes, the last one first.
CREATE INDEX virtual_class_by_time ON virtual_class (starts_at, id);

-- Whether there is, or ever was, a case about something.
CREATE INDEX attention_case_subject ON attention_case (subject_id);
