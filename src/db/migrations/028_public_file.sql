-- What each build has for browsers: a page may ask any process for its files, also one of the build before or after it.
CREATE TABLE public_file (
  path text PRIMARY KEY,
  type text NOT NULL,
  plain bytea NOT NULL,
  br bytea,
  gzip bytea,
  -- Since when the build that started last is without it; null: it has it.
  left_at timestamptz
);
