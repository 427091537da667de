-- How often the times of a class were changed, by whomever; `reschedule_count` counts only what the host used up.
-- It is the SEQUENCE of the .ics file and tells a calendar patch whether the times it sent are still the wanted ones.
ALTER TABLE virtual_class ADD COLUMN move_count integer NOT NULL DEFAULT 0;
ALTER TABLE virtual_class ADD CONSTRAINT virtual_class_moves CHECK (reschedule_count >= 0 AND move_count >= reschedule_count);

-- Where the event of a class may still stand in the calendar although the class is elsewhere by now: this time must not count as busy.
CREATE TABLE vacated_interval (
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  PRIMARY KEY (class_id, starts_at, ends_at),
  CONSTRAINT vacated_interval_order CHECK (ends_at > starts_at)
);
CREATE INDEX vacated_interval_by_start ON vacated_interval (starts_at);
