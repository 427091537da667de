-- Since when a class stands at its present hour: its confirmation, or its last move. Whoever was told of it less than a day before the start
-- needs no reminder of the day before. Null: from before this was written down.
ALTER TABLE virtual_class ADD COLUMN fixed_at timestamptz;
