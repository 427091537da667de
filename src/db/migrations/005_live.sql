-- What people see changes while they look: every change that concerns somebody is told on the channel `changes`, at COMMIT and never without
-- one, to every process that listens. Only ids travel; whoever is told looks for himself.

CREATE FUNCTION tell_class(changed uuid, leaver uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('changes', json_build_object('class', changed, 'users', array_agg(user_id))::text)
  FROM (
    SELECT booked_by_id AS user_id FROM virtual_class WHERE id = changed
    UNION SELECT user_id FROM participation WHERE class_id = changed
    UNION SELECT leaver WHERE leaver IS NOT NULL
  ) AS concerned
$$;

CREATE FUNCTION tell_payment(paid_order uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('changes', json_build_object('payment', id, 'users', ARRAY[user_id])::text) FROM payment_order WHERE id = paid_order
$$;

CREATE FUNCTION virtual_class_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_class(NEW.id, NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER virtual_class_made_told AFTER INSERT ON virtual_class FOR EACH ROW EXECUTE FUNCTION virtual_class_told();
CREATE TRIGGER virtual_class_change_told AFTER UPDATE ON virtual_class FOR EACH ROW
  WHEN ((OLD.status, OLD.starts_at, OLD.paid_at, OLD.hold_expires_at, OLD.activity_status)
    IS DISTINCT FROM (NEW.status, NEW.starts_at, NEW.paid_at, NEW.hold_expires_at, NEW.activity_status))
  EXECUTE FUNCTION virtual_class_told();

-- Somebody came, left, or entered for the first time.
CREATE FUNCTION participation_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM tell_class(OLD.class_id, OLD.user_id);
  ELSE
    PERFORM tell_class(NEW.class_id, NULL);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER participation_come_and_gone_told AFTER INSERT OR DELETE ON participation FOR EACH ROW EXECUTE FUNCTION participation_told();
CREATE TRIGGER participation_entry_told AFTER UPDATE OF entered_at ON participation FOR EACH ROW
  WHEN (OLD.entered_at IS NULL AND NEW.entered_at IS NOT NULL) EXECUTE FUNCTION participation_told();

CREATE FUNCTION access_code_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_class(NEW.class_id, NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER access_code_made_told AFTER INSERT ON access_code FOR EACH ROW EXECUTE FUNCTION access_code_told();

CREATE FUNCTION payment_order_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_payment(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER payment_order_change_told AFTER UPDATE ON payment_order FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION payment_order_told();

CREATE FUNCTION provider_payment_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_payment(NEW.order_id);
  RETURN NULL;
END $$;
CREATE TRIGGER provider_payment_made_told AFTER INSERT ON provider_payment FOR EACH ROW EXECUTE FUNCTION provider_payment_told();
CREATE TRIGGER provider_payment_change_told AFTER UPDATE ON provider_payment FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION provider_payment_told();

-- Whoever signs out here is told in every window.
CREATE FUNCTION session_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('changes', json_build_object('session', OLD.token_hash, 'users', ARRAY[OLD.user_id])::text);
  RETURN NULL;
END $$;
CREATE TRIGGER session_end_told AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION session_told();

-- A host may change the code of a class without moving it: the old one is remembered as expired for a reason of its own.
ALTER TABLE access_code DROP CONSTRAINT access_code_retire_reason;
ALTER TABLE access_code ADD CONSTRAINT access_code_retire_reason CHECK (retire_reason IN ('rescheduled', 'cancelled', 'rotated'));
