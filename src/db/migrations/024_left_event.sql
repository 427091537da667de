-- Events that classes had in another calendar before, and that are still to be taken out there: what names that calendar may be somebody's address,
-- and belongs into no queue. A row goes with its event.
CREATE TABLE left_event (
  teacher_id uuid NOT NULL REFERENCES teacher (id),
  event_id text NOT NULL,
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  calendar_id text NOT NULL,
  left_at timestamptz NOT NULL,
  PRIMARY KEY (teacher_id, event_id)
);
