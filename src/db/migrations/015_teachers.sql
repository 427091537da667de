-- Several teachers. One who is not active takes no new bookings; their classes stay.
ALTER TABLE teacher ADD COLUMN active boolean NOT NULL DEFAULT true;
ALTER TABLE teacher ADD CONSTRAINT teacher_name CHECK (char_length(display_name) BETWEEN 1 AND 80);

-- Whose turn it is: how many classes a teacher has in a week.
CREATE INDEX virtual_class_of_teacher ON virtual_class (teacher_id, starts_at);

-- A preference may be made for one teacher before there is a class; null: whoever is free.
ALTER TABLE payment_order ADD COLUMN teacher_id uuid REFERENCES teacher (id);

-- A teacher who was invited gives the consent without an account of ours.
ALTER TABLE sign_in_attempt ADD COLUMN teacher_id uuid REFERENCES teacher (id);
ALTER TABLE sign_in_attempt DROP CONSTRAINT sign_in_attempt_calendar_has_user;
ALTER TABLE sign_in_attempt
  ADD CONSTRAINT sign_in_attempt_calendar_has_person CHECK (purpose = 'login' OR user_id IS NOT NULL OR teacher_id IS NOT NULL);
