-- Several processes side by side: the pace at which they call Google together.

-- When the latest calls with a grant were or will be made, oldest first: all processes take their turns here.
CREATE TABLE google_turn (
  grant_id uuid PRIMARY KEY,
  planned timestamptz[] NOT NULL
);
