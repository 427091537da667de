-- A class that shares an hour since before the rule (018) stands outside of it, but nobody gets another one in that hour because of that: when the
-- class it shares the hour with is cancelled or moved, the hour is still its host's. Nothing is marked any more, so what this reads never grows.
CREATE INDEX virtual_class_shares_hour ON virtual_class (booked_by_id) WHERE shares_hour;
CREATE OR REPLACE FUNCTION virtual_class_shared_hour() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A class that keeps its hours is not asked again: that it is paid or confirmed changes nothing about them.
  IF TG_OP = 'UPDATE' AND OLD.status IN ('pending', 'scheduled') AND OLD.starts_at = NEW.starts_at AND OLD.ends_at = NEW.ends_at
    AND NOT OLD.shares_hour
  THEN RETURN NEW; END IF;
  IF EXISTS (
    SELECT FROM virtual_class AS shared
    WHERE shared.shares_hour AND shared.booked_by_id = NEW.booked_by_id AND shared.id <> NEW.id AND shared.status IN ('pending', 'scheduled')
      AND tstzrange(shared.starts_at, shared.ends_at, '[)') && tstzrange(NEW.starts_at, NEW.ends_at, '[)')
  ) THEN
    RAISE EXCEPTION 'the host has another class in that hour' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'virtual_class_own_hour';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER virtual_class_shared_hour BEFORE INSERT OR UPDATE ON virtual_class FOR EACH ROW
  WHEN (NEW.status IN ('pending', 'scheduled') AND NOT NEW.shares_hour) EXECUTE FUNCTION virtual_class_shared_hour();
