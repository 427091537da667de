-- The best submission beside the last one, as long as it may count for more: a text of it may still wait for its mark.
ALTER TABLE activity_submission
  ADD COLUMN best_answers jsonb,
  ADD COLUMN best_marks jsonb,
  ADD CONSTRAINT activity_submission_best CHECK (
    (best_answers IS NULL) = (best_marks IS NULL) AND (best_marks IS NULL OR submitted_at IS NOT NULL)
  );

-- Texts of people who closed their account before these were erased with it.
UPDATE participation SET task_id = NULL WHERE user_id IN (SELECT id FROM app_user WHERE deleted_at IS NOT NULL);
DELETE FROM activity_submission WHERE user_id IN (SELECT id FROM app_user WHERE deleted_at IS NOT NULL);
DELETE FROM task WHERE user_id IN (SELECT id FROM app_user WHERE deleted_at IS NOT NULL);
UPDATE task SET description = '' WHERE generator <> 'manual' AND class_id IN (
  SELECT c.id FROM virtual_class AS c JOIN app_user AS u ON u.id = c.booked_by_id WHERE u.deleted_at IS NOT NULL);
UPDATE virtual_class SET learning_focus = NULL, summary = NULL, description = NULL
  WHERE booked_by_id IN (SELECT id FROM app_user WHERE deleted_at IS NOT NULL);
