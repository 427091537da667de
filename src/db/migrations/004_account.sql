-- What a person decides about their own account: a name of their own, how pages look and speak, which mails they want, where they are signed
-- in, and that the account ends.

-- `name` is what others see; `google_name` is what Google last said, so that a name of one's own survives the next sign-in.
ALTER TABLE app_user ADD COLUMN google_name text NOT NULL DEFAULT '';
UPDATE app_user SET google_name = name;
ALTER TABLE app_user ADD COLUMN has_own_name boolean NOT NULL DEFAULT false;

-- Null: never chosen, so the browser decides.
ALTER TABLE app_user ADD COLUMN theme text;
ALTER TABLE app_user ADD COLUMN locale text;
ALTER TABLE app_user ADD COLUMN zone text;
ALTER TABLE app_user ADD CONSTRAINT app_user_theme CHECK (theme IN ('light', 'dark', 'system'));
ALTER TABLE app_user ADD CONSTRAINT app_user_locale CHECK (locale IN ('es', 'en'));
ALTER TABLE app_user ADD CONSTRAINT app_user_zone CHECK (zone ~ '^[A-Za-z][A-Za-z0-9_+/-]{0,63}$');
ALTER TABLE app_user ADD CONSTRAINT app_user_telefono CHECK (telefono ~ '^\+[0-9]{8,15}$');

-- Mails that a person may do without. The others are always sent.
ALTER TABLE app_user ADD COLUMN mail_day_before boolean NOT NULL DEFAULT true;
ALTER TABLE app_user ADD COLUMN mail_hour_before boolean NOT NULL DEFAULT true;
ALTER TABLE app_user ADD COLUMN mail_activity boolean NOT NULL DEFAULT true;

-- An account that its person has ended: the row stays for classes and payments, and says nothing about anybody.
ALTER TABLE app_user ADD COLUMN deleted_at timestamptz;
ALTER TABLE app_user ADD CONSTRAINT app_user_deleted CHECK (
  deleted_at IS NULL OR (
    role = 'USER' AND image IS NULL AND telefono IS NULL AND localidad = '-' AND google_name = '' AND zone IS NULL AND email LIKE '%@cuenta.invalid'
  )
);

-- Where a person is signed in. The public id names a login in lists and forms and has nothing to do with its token.
ALTER TABLE session ADD COLUMN public_id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE session ALTER COLUMN public_id DROP DEFAULT;
ALTER TABLE session ADD CONSTRAINT session_public_id UNIQUE (public_id);
ALTER TABLE session ADD COLUMN user_agent text NOT NULL DEFAULT '';
ALTER TABLE session ADD CONSTRAINT session_user_agent CHECK (char_length(user_agent) <= 200);
ALTER TABLE session ADD COLUMN used_at timestamptz;
UPDATE session SET used_at = renewed_at;
