-- No class lasts longer than a day (a slot has four hours at most), so that classes of an hour are looked for between two times.
ALTER TABLE virtual_class ADD CONSTRAINT virtual_class_length CHECK (ends_at <= starts_at + interval '1 day');
