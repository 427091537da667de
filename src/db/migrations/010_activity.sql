-- Exercises after the class: what was made for whom, what they answered, what they missed.

-- One exercise for each person of a class (decision 021). `exercise` is the structured form; a teacher's own Markdown lies in `content`.
CREATE TABLE task (
  id uuid PRIMARY KEY,
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  user_id uuid NOT NULL REFERENCES app_user (id),
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  task_type text NOT NULL DEFAULT 'exam',
  difficulty text NOT NULL DEFAULT 'medium',
  level text NOT NULL,
  exercise jsonb,
  content text NOT NULL DEFAULT '',
  solved_content text NOT NULL DEFAULT '',
  generator text NOT NULL,
  model text,
  prompt_version text,
  -- A draft publishes itself at `publish_at` unless the teacher does it before.
  state text NOT NULL DEFAULT 'draft',
  publish_at timestamptz NOT NULL,
  published_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT task_once UNIQUE (class_id, user_id),
  CONSTRAINT task_type CHECK (task_type IN ('exam', 'audio', 'video', 'reading')),
  CONSTRAINT task_difficulty CHECK (difficulty IN ('easy', 'medium', 'hard')),
  CONSTRAINT task_level CHECK (level IN ('A1', 'A2', 'B1', 'B2', 'C1')),
  CONSTRAINT task_generator CHECK (generator IN ('ai', 'builtin', 'manual')),
  CONSTRAINT task_state CHECK (state IN ('draft', 'published')),
  CONSTRAINT task_published CHECK ((state = 'published') = (published_at IS NOT NULL)),
  CONSTRAINT task_something_to_do CHECK (exercise IS NOT NULL OR content <> ''),
  CONSTRAINT task_title CHECK (char_length(title) BETWEEN 1 AND 200)
);
CREATE INDEX task_of_user ON task (user_id, created_at DESC);
CREATE INDEX task_due ON task (publish_at) WHERE state = 'draft';

ALTER TABLE participation ADD CONSTRAINT participation_task FOREIGN KEY (task_id) REFERENCES task (id);

-- A person's work on a task. Answers are saved one by one; the first submission releases the solution, the best score counts.
CREATE TABLE activity_submission (
  id uuid PRIMARY KEY,
  task_id uuid NOT NULL REFERENCES task (id),
  user_id uuid NOT NULL REFERENCES app_user (id),
  started_at timestamptz NOT NULL,
  answers jsonb NOT NULL DEFAULT '{}',
  submitted_at timestamptz,
  score numeric(6, 2),
  total smallint,
  -- One mark for each item: of the last submission, and of the first, which was made without having seen the solution.
  marks jsonb,
  first_marks jsonb,
  updated_at timestamptz NOT NULL,
  CONSTRAINT activity_submission_once UNIQUE (user_id, task_id),
  CONSTRAINT activity_submission_score CHECK ((submitted_at IS NULL) = (score IS NULL) AND (score IS NULL) = (total IS NULL)),
  CONSTRAINT activity_submission_range CHECK (score BETWEEN 0 AND total)
);
CREATE INDEX activity_submission_task ON activity_submission (task_id);
