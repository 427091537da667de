-- A refund that Mercado Pago refused is asked for anew: for what is left of the payment by then, under a key of its own. The first request
-- keeps the key that it always had (`refund:<id>`), so that one under way while this is installed is still the same request.
ALTER TABLE refund ADD COLUMN generation integer NOT NULL DEFAULT 0;

-- A refund begins as an intention. What it gives back changes only with a new request, and never grows; `approved` is its last word.
CREATE OR REPLACE FUNCTION refund_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' THEN
      PERFORM refuse_step('refund_begins_requested', format('refund %s begins as %s', NEW.id, NEW.state));
    END IF;
    IF NEW.generation <> 0 THEN
      PERFORM refuse_step('refund_generation', format('refund %s begins with request %s', NEW.id, NEW.generation));
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.payment_id, NEW.order_id, NEW.reason) IS DISTINCT FROM (OLD.payment_id, OLD.order_id, OLD.reason) THEN
    PERFORM refuse_step('refund_fixed', format('refund %s: what it is for is fixed', OLD.id));
  END IF;
  IF OLD.state = 'approved' AND NEW.state <> 'approved' THEN
    PERFORM refuse_step('refund_step', format('refund %s: approved never becomes %s', OLD.id, NEW.state));
  END IF;
  IF NEW.generation NOT IN (OLD.generation, OLD.generation + 1) OR (NEW.generation <> OLD.generation AND OLD.state = 'approved') THEN
    PERFORM refuse_step('refund_generation', format('refund %s: request %s does not follow %s', OLD.id, NEW.generation, OLD.generation));
  END IF;
  IF NEW.amount_centavos > OLD.amount_centavos OR (NEW.amount_centavos <> OLD.amount_centavos AND NEW.generation = OLD.generation) THEN
    PERFORM refuse_step('refund_fixed', format('refund %s: what one request gives back is fixed, and never more than before', OLD.id));
  END IF;
  RETURN NEW;
END $$;
