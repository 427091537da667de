-- The comparison of classes whose event stands in a calendar that the teacher had before. It takes longer than one run: each event is asked for.

-- A complete reading wants all of them compared; until that is done.
ALTER TABLE calendar_sync ADD COLUMN review_all boolean NOT NULL DEFAULT false;
-- Classes that are still to be asked for; null: all of them.
ALTER TABLE calendar_sync ADD COLUMN review_left uuid[];
-- Events in those calendars that Google did not let us read, since the last time that all were asked for.
ALTER TABLE calendar_sync ADD COLUMN unreadable_elsewhere integer NOT NULL DEFAULT 0;
