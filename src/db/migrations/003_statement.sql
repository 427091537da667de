-- The nightly statement, and money that moves as rows of its own: every step of a refund, a charge-back or a cancellation is a row whose
-- states only go forward. The triggers refuse with the name of a constraint, like every other rule of this schema.

-- What a person may have to look at, beside what earlier files allow -----------------------------------------------------

DO $$
DECLARE
  subjects text := (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE conrelid = 'attention_case'::regclass AND conname = 'attention_case_subject');
  reasons text := (SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE conrelid = 'attention_case'::regclass AND conname = 'attention_case_reason');
BEGIN
  ALTER TABLE attention_case DROP CONSTRAINT attention_case_subject;
  ALTER TABLE attention_case DROP CONSTRAINT attention_case_reason;
  EXECUTE format('ALTER TABLE attention_case ADD CONSTRAINT attention_case_subject CHECK (%s OR subject IN (%s))', subjects,
    '''notice'', ''job'', ''statement'', ''provider''');
  EXECUTE format('ALTER TABLE attention_case ADD CONSTRAINT attention_case_reason CHECK (%s OR reason IN (%s))', reasons,
    '''notice_failed'', ''job_dead'', ''statement_unread'', ''provider_silent'', ''notification_unread'', '
    '''unknown_payment'', ''payment_differs'', ''money_unaccounted'', ''refund_unknown''');
END $$;

-- The provider's silence about an order: since when, and its last word.
ALTER TABLE payment_order ADD COLUMN silent_since timestamptz;
ALTER TABLE payment_order ADD COLUMN last_error text;
-- A refund that was asked for is not asked for again before this, except by hand.
ALTER TABLE refund ADD COLUMN retry_at timestamptz;
ALTER TABLE payment_order ADD CONSTRAINT payment_order_refunded_max CHECK (refunded_centavos <= amount_centavos);

-- Money only moves forward ------------------------------------------------------------------------------------------------

CREATE FUNCTION refuse_step(rule text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = rule, MESSAGE = message;
END $$;

CREATE FUNCTION never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse_step('never_deleted', format('a row of %s is never deleted', TG_TABLE_NAME));
  RETURN NULL;
END $$;

CREATE TRIGGER payment_order_never_deleted BEFORE DELETE ON payment_order FOR EACH ROW EXECUTE FUNCTION never_deleted();
CREATE TRIGGER provider_payment_never_deleted BEFORE DELETE ON provider_payment FOR EACH ROW EXECUTE FUNCTION never_deleted();
CREATE TRIGGER refund_never_deleted BEFORE DELETE ON refund FOR EACH ROW EXECUTE FUNCTION never_deleted();

-- `approved` and `refunded` never fall back to `pending` or `rejected`, and nothing that was given back comes back by itself.
CREATE FUNCTION payment_order_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('approved', 'refunded') AND NEW.status NOT IN ('approved', 'refunded') THEN
    PERFORM refuse_step('payment_order_step', format('order %s: %s never becomes %s', OLD.id, OLD.status, NEW.status));
  END IF;
  IF NEW.amount_centavos <> OLD.amount_centavos OR NEW.user_id <> OLD.user_id THEN
    PERFORM refuse_step('payment_order_fixed', format('order %s: its price and its person are fixed', OLD.id));
  END IF;
  IF NEW.refunded_centavos < OLD.refunded_centavos THEN
    PERFORM refuse_step('payment_order_refunded_grows', format('order %s: what was refunded only grows', OLD.id));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_order_step BEFORE UPDATE ON payment_order FOR EACH ROW EXECUTE FUNCTION payment_order_step();

CREATE FUNCTION provider_payment_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.refunded_centavos < OLD.refunded_centavos OR (OLD.approved_at IS NOT NULL AND NEW.approved_at IS NULL) THEN
    PERFORM refuse_step('provider_payment_step', format('payment %s: money once seen is never un-seen', OLD.id));
  END IF;
  IF NEW.amount_centavos < OLD.amount_centavos
    AND NEW.amount_centavos < (SELECT coalesce(sum(amount_centavos), 0) FROM refund WHERE payment_id = OLD.id) THEN
    PERFORM refuse_step('refund_within_payment', format('payment %s: its refunds are more than its amount', OLD.id));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER provider_payment_step BEFORE UPDATE ON provider_payment FOR EACH ROW EXECUTE FUNCTION provider_payment_step();

-- A refund begins as an intention, its facts never change, and `approved` is its last word.
CREATE FUNCTION refund_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' THEN
      PERFORM refuse_step('refund_begins_requested', format('refund %s begins as %s', NEW.id, NEW.state));
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.payment_id, NEW.order_id, NEW.amount_centavos, NEW.reason) IS DISTINCT FROM (OLD.payment_id, OLD.order_id, OLD.amount_centavos, OLD.reason) THEN
    PERFORM refuse_step('refund_fixed', format('refund %s: what it gives back is fixed', OLD.id));
  END IF;
  IF OLD.state = 'approved' AND NEW.state <> 'approved' THEN
    PERFORM refuse_step('refund_step', format('refund %s: approved never becomes %s', OLD.id, NEW.state));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_step BEFORE INSERT OR UPDATE ON refund FOR EACH ROW EXECUTE FUNCTION refund_step();

-- All refunds of a payment together are never more than was paid; the payment's row is the lock under which they are added up. Afterwards,
-- so that asking for the same refund again is still nothing (`ON CONFLICT DO NOTHING`).
CREATE FUNCTION refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  paid bigint;
BEGIN
  SELECT amount_centavos INTO paid FROM provider_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
  IF (SELECT sum(amount_centavos) FROM refund WHERE payment_id = NEW.payment_id) > coalesce(paid, 0) THEN
    PERFORM refuse_step('refund_within_payment', format('the refunds of payment %s are more than its amount', NEW.payment_id));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_within_payment AFTER INSERT ON refund FOR EACH ROW EXECUTE FUNCTION refund_within_payment();

-- A buyer's charge-back of one payment: open until the provider decides it, `lost` may still be won back (mercado-pago.md 2.8).
CREATE TABLE charge_back (
  payment_id text PRIMARY KEY REFERENCES provider_payment (id),
  order_id uuid REFERENCES payment_order (id),
  amount_centavos bigint NOT NULL,
  state text NOT NULL,
  opened_at timestamptz NOT NULL,
  decided_at timestamptz,
  updated_at timestamptz NOT NULL,
  CONSTRAINT charge_back_state CHECK (state IN ('open', 'lost', 'won')),
  CONSTRAINT charge_back_amount CHECK (amount_centavos > 0),
  CONSTRAINT charge_back_decided CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX charge_back_order ON charge_back (order_id);

CREATE FUNCTION charge_back_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.amount_centavos > (SELECT coalesce(amount_centavos, 0) FROM provider_payment WHERE id = NEW.payment_id) THEN
      PERFORM refuse_step('charge_back_within_payment', format('more is charged back than payment %s', NEW.payment_id));
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.payment_id, NEW.order_id, NEW.amount_centavos) IS DISTINCT FROM (OLD.payment_id, OLD.order_id, OLD.amount_centavos) THEN
    PERFORM refuse_step('charge_back_fixed', format('charge-back of payment %s: what it is about is fixed', OLD.payment_id));
  END IF;
  IF NEW.state <> OLD.state AND NOT (OLD.state = 'open' OR (OLD.state = 'lost' AND NEW.state = 'won')) THEN
    PERFORM refuse_step('charge_back_step', format('charge-back of payment %s: %s never becomes %s', OLD.payment_id, OLD.state, NEW.state));
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charge_back_step BEFORE INSERT OR UPDATE ON charge_back FOR EACH ROW EXECUTE FUNCTION charge_back_step();
CREATE TRIGGER charge_back_never_deleted BEFORE DELETE ON charge_back FOR EACH ROW EXECUTE FUNCTION never_deleted();

-- Every cancellation of a class, also one that a late payment took back. Written by the class's own trigger, so that no path can forget it;
-- at most one of a class stands (its key: the class).
CREATE TABLE class_cancellation (
  class_id uuid NOT NULL REFERENCES virtual_class (id),
  ordinal integer NOT NULL,
  reason text NOT NULL,
  by_id uuid REFERENCES app_user (id),
  cancelled_at timestamptz NOT NULL,
  revived_at timestamptz,
  PRIMARY KEY (class_id, ordinal),
  CONSTRAINT class_cancellation_revived CHECK (revived_at IS NULL OR reason IN ('hold_expired', 'payment_rejected'))
);
CREATE UNIQUE INDEX class_cancellation_stands ON class_cancellation (class_id) WHERE revived_at IS NULL;

INSERT INTO class_cancellation (class_id, ordinal, reason, by_id, cancelled_at)
  SELECT id, 1, cancel_reason, cancelled_by_id, cancelled_at FROM virtual_class WHERE status = 'cancelled';

-- `completed` is final; `cancelled` is final except for a released hold that is paid late (behaviour 3.5).
CREATE FUNCTION virtual_class_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF OLD.status = 'completed'
    OR (OLD.status = 'cancelled' AND NOT (NEW.status = 'pending' AND OLD.cancel_reason IN ('hold_expired', 'payment_rejected'))) THEN
    PERFORM refuse_step('virtual_class_step', format('class %s: %s never becomes %s', OLD.id, OLD.status, NEW.status));
  END IF;
  IF NEW.status = 'cancelled' THEN
    INSERT INTO class_cancellation (class_id, ordinal, reason, by_id, cancelled_at)
      SELECT NEW.id, count(*) + 1, NEW.cancel_reason, NEW.cancelled_by_id, NEW.cancelled_at FROM class_cancellation WHERE class_id = NEW.id;
  ELSIF OLD.status = 'cancelled' THEN
    UPDATE class_cancellation SET revived_at = NEW.updated_at WHERE class_id = NEW.id AND revived_at IS NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER virtual_class_step AFTER UPDATE OF status ON virtual_class FOR EACH ROW EXECUTE FUNCTION virtual_class_step();

-- The statement of one Argentine day: where every peso that was approved on that day stands now, by our rows and by the provider's. The
-- equation is the constraint; a day is `balanced` only when nothing is left over and both sides agree.
CREATE TABLE daily_statement (
  day date PRIMARY KEY,
  state text NOT NULL,
  payments integer NOT NULL DEFAULT 0,
  approved_centavos bigint NOT NULL DEFAULT 0,
  classes_centavos bigint NOT NULL DEFAULT 0,
  credits_centavos bigint NOT NULL DEFAULT 0,
  refunds_centavos bigint NOT NULL DEFAULT 0,
  cases_centavos bigint NOT NULL DEFAULT 0,
  unaccounted_centavos bigint NOT NULL DEFAULT 0,
  provider_payments integer NOT NULL DEFAULT 0,
  provider_approved_centavos bigint NOT NULL DEFAULT 0,
  differences jsonb NOT NULL DEFAULT '[]',
  -- How often this day was looked at since it last balanced; failures to read the provider in a row.
  looks integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  last_error text,
  -- When to look again by itself; null: never.
  next_look_at timestamptz,
  made_at timestamptz NOT NULL,
  CONSTRAINT daily_statement_state CHECK (state IN ('balanced', 'curing', 'differs', 'unread')),
  CONSTRAINT daily_statement_equation CHECK (
    approved_centavos = classes_centavos + credits_centavos + refunds_centavos + cases_centavos + unaccounted_centavos
  ),
  CONSTRAINT daily_statement_sums CHECK (
    classes_centavos >= 0 AND credits_centavos >= 0 AND refunds_centavos >= 0 AND cases_centavos >= 0 AND unaccounted_centavos >= 0
  ),
  CONSTRAINT daily_statement_balanced CHECK (
    state <> 'balanced'
    OR (unaccounted_centavos = 0 AND approved_centavos = provider_approved_centavos AND payments = provider_payments AND differences = '[]')
  )
);
CREATE INDEX daily_statement_look ON daily_statement (next_look_at) WHERE next_look_at IS NOT NULL;
CREATE INDEX provider_payment_approved ON provider_payment (approved_at) WHERE approved_at IS NOT NULL;
CREATE INDEX refund_made ON refund (updated_at) WHERE state = 'approved';
