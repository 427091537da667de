-- One person, one hour: nobody has booked two live classes that share time, with whomever. Classes that break this rule already were promised and
-- may be paid, so they stay: of those that share time, all but the one booked first are left out of the rule until they are given other hours.
ALTER TABLE virtual_class ADD COLUMN shares_hour boolean NOT NULL DEFAULT false;
UPDATE virtual_class AS later SET shares_hour = true
WHERE later.status IN ('pending', 'scheduled') AND EXISTS (
  SELECT FROM virtual_class AS earlier
  WHERE earlier.booked_by_id = later.booked_by_id AND earlier.status IN ('pending', 'scheduled')
    AND tstzrange(earlier.starts_at, earlier.ends_at, '[)') && tstzrange(later.starts_at, later.ends_at, '[)')
    AND (earlier.created_at, earlier.id) < (later.created_at, later.id)
);
ALTER TABLE virtual_class ADD CONSTRAINT virtual_class_own_hour EXCLUDE USING gist (
  booked_by_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&
) WHERE (status IN ('pending', 'scheduled') AND NOT shares_hour);
