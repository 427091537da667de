-- Tickets: what a person asks for help with, and the conversation about it. The number is random, so that it tells nothing about the others.

CREATE TABLE support_ticket (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  ticket_number text NOT NULL,
  description text NOT NULL,
  category text NOT NULL DEFAULT 'GENERAL',
  status text NOT NULL DEFAULT 'OPEN',
  priority text NOT NULL DEFAULT 'MEDIUM',
  -- What it was opened from; both are the person's own.
  class_id uuid REFERENCES virtual_class (id),
  order_id uuid REFERENCES payment_order (id),
  -- Since when the person waits for an answer; null: nobody waits.
  waiting_since timestamptz,
  -- Names one sending of the form: sent twice it is one ticket.
  request_key text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT support_ticket_number_unique UNIQUE (ticket_number),
  CONSTRAINT support_ticket_number CHECK (ticket_number ~ '^TKT-[A-Z0-9]{6}$'),
  CONSTRAINT support_ticket_request UNIQUE (user_id, request_key),
  CONSTRAINT support_ticket_description CHECK (char_length(description) BETWEEN 10 AND 500),
  CONSTRAINT support_ticket_category CHECK (category IN ('BUG', 'PAGOS', 'CUENTA', 'GENERAL')),
  CONSTRAINT support_ticket_status CHECK (status IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'CLOSED')),
  CONSTRAINT support_ticket_priority CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
  CONSTRAINT support_ticket_waits CHECK (waiting_since IS NULL OR status IN ('OPEN', 'IN_PROGRESS'))
);
CREATE INDEX support_ticket_user ON support_ticket (user_id, created_at DESC);
CREATE INDEX support_ticket_created ON support_ticket (created_at DESC);
CREATE INDEX support_ticket_waiting ON support_ticket (waiting_since) WHERE waiting_since IS NOT NULL;

CREATE TABLE support_message (
  id uuid PRIMARY KEY,
  ticket_id uuid NOT NULL REFERENCES support_ticket (id) ON DELETE CASCADE,
  role text NOT NULL,
  content text NOT NULL,
  request_key text,
  created_at timestamptz NOT NULL,
  CONSTRAINT support_message_request UNIQUE (ticket_id, role, request_key),
  CONSTRAINT support_message_role CHECK (role IN ('USER', 'ADMIN', 'SUPPORT_BOT')),
  CONSTRAINT support_message_content CHECK (char_length(content) BETWEEN 1 AND 500)
);
CREATE INDEX support_message_ticket ON support_message (ticket_id, created_at);
