-- Instants that a class's timeline tells and that no row remembered until now; and indexes for a person's own lists.

-- When the event was first written down as ours, when it had its link (the class became `scheduled`), and when the class was over.
ALTER TABLE virtual_class ADD COLUMN event_created_at timestamptz;
ALTER TABLE virtual_class ADD COLUMN link_ready_at timestamptz;
ALTER TABLE virtual_class ADD COLUMN completed_at timestamptz;
-- When the checkout had an address to pay at.
ALTER TABLE payment_order ADD COLUMN preference_at timestamptz;
-- `entered_at` is the last time somebody went in, this is the first.
ALTER TABLE participation ADD COLUMN first_entered_at timestamptz;

-- What can be told of the rows that exist: a host belongs to a class from the instant at which it had its link.
UPDATE virtual_class c SET link_ready_at = p.created_at FROM participation p WHERE p.class_id = c.id AND p.rol = 'anfitrion';
UPDATE virtual_class SET completed_at = ends_at WHERE status = 'completed';
UPDATE payment_order SET preference_at = created_at WHERE preference_id IS NOT NULL;
UPDATE participation SET first_entered_at = entered_at WHERE entered_at IS NOT NULL;

-- Everything about one class: its codes (retired ones, too) and its mails.
CREATE INDEX access_code_class ON access_code (class_id, issued_at);
CREATE INDEX notice_class ON notice (class_id, created_at) WHERE class_id IS NOT NULL;
