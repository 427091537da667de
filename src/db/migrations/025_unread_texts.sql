-- Texts that wait for somebody to mark them, for whoever is told how many there are.
CREATE INDEX activity_submission_unread ON activity_submission (task_id)
  WHERE marks @> '[{"credit": null}]' OR best_marks @> '[{"credit": null}]';
