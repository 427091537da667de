-- The calendar of each class -----------------------------------------------------------------------------------------------

-- In which calendar the event of a class stands. Null: there is none yet, and it will be made in the teacher's.
ALTER TABLE virtual_class ADD COLUMN calendar_id text;
UPDATE virtual_class c SET calendar_id = t.calendar_id FROM teacher t WHERE t.id = c.teacher_id AND c.event_created_at IS NOT NULL;
-- Somebody wants another event for a class that is scheduled: since when. Null: the one it has is the one it keeps.
ALTER TABLE virtual_class ADD COLUMN event_wanted_at timestamptz;
UPDATE virtual_class c SET event_wanted_at = updated_at WHERE status = 'scheduled' AND calendar_state = 'queued'
  AND EXISTS (SELECT 1 FROM calendar_edit e WHERE e.class_id = c.id AND e.kind = 'deleted' AND e.settled_at IS NULL);
-- Since when Google has been asked for the link that a scheduled class is without.
ALTER TABLE virtual_class ADD COLUMN conference_asked_at timestamptz;
CREATE INDEX virtual_class_with_event ON virtual_class (teacher_id, calendar_id) WHERE status = 'scheduled';

-- An event that was found gone is written down like one that the mirror missed, so that nothing tries to move it and it is told once.
INSERT INTO calendar_edit (id, teacher_id, class_id, kind, event_id, found_at)
SELECT gen_random_uuid(), teacher_id, id, 'deleted', google_event_id, updated_at FROM virtual_class
WHERE status = 'scheduled' AND calendar_state = 'failed' AND google_event_id IS NOT NULL AND calendar_error = 'El evento ya no está en el calendario'
ON CONFLICT DO NOTHING;

-- The comparison of the mirror with the classes ----------------------------------------------------------------------------

-- Counts what was read, so that whoever compared knows whether that was all.
ALTER TABLE calendar_sync ADD COLUMN news integer NOT NULL DEFAULT 0;
-- One process compares at a time; one that died loses the right.
ALTER TABLE calendar_sync ADD COLUMN review_id uuid;
ALTER TABLE calendar_sync ADD COLUMN review_until timestamptz;
-- Events that Google did not tell when they were last compared.
ALTER TABLE calendar_sync ADD COLUMN unreadable integer NOT NULL DEFAULT 0;
