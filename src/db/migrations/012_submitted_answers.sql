-- What was handed in is apart from what is being changed: marks belong to what was handed in.
ALTER TABLE activity_submission ADD COLUMN submitted_answers jsonb;
UPDATE activity_submission SET submitted_answers = answers WHERE submitted_at IS NOT NULL;
ALTER TABLE activity_submission
  ADD CONSTRAINT activity_submission_handed_in CHECK ((submitted_at IS NULL) = (submitted_answers IS NULL));

-- The objective alone; pages word it in the language of who reads.
UPDATE task SET description = substr(description, char_length('Objetivo de la clase: ') + 1)
  WHERE generator <> 'manual' AND description LIKE 'Objetivo de la clase: %';

-- Work is done by the person of the task, and a seat names the task of its class and person.
ALTER TABLE task ADD CONSTRAINT task_of_person UNIQUE (id, user_id);
ALTER TABLE task ADD CONSTRAINT task_of_seat UNIQUE (id, class_id, user_id);
ALTER TABLE activity_submission DROP CONSTRAINT activity_submission_task_id_fkey;
ALTER TABLE activity_submission
  ADD CONSTRAINT activity_submission_own FOREIGN KEY (task_id, user_id) REFERENCES task (id, user_id);
ALTER TABLE participation DROP CONSTRAINT participation_task;
ALTER TABLE participation
  ADD CONSTRAINT participation_task FOREIGN KEY (task_id, class_id, user_id) REFERENCES task (id, class_id, user_id);

CREATE INDEX task_shown ON task (published_at) WHERE state = 'published';
CREATE INDEX participation_of_task ON participation (task_id) WHERE task_id IS NOT NULL;

-- An exercise is one person's: whoever it is for is told when it is shown, whatever the others of the class have.
CREATE FUNCTION task_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', json_build_object('class', NEW.class_id, 'users', ARRAY[NEW.user_id])::text);
  RETURN NULL;
END $$;
CREATE TRIGGER task_shown_told AFTER UPDATE ON task FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION task_told();
