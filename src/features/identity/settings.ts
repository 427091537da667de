import { and, eq, isNull, sql } from 'drizzle-orm'
import { appUser } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Locale } from '../../kernel/locale.ts'
import type { Theme } from '../../kernel/theme.ts'
import type { MailChoices } from '../notice/choices.ts'
import type { Nivel, UserData } from './profile.ts'
import { updateUser } from './store.ts'

/** Everything that a person may look at and change of their own account. */
export interface Settings {
  id: string
  email: string
  name: string
  googleName: string
  hasOwnName: boolean
  localidad: string
  nivel: Nivel
  telefono: string | null
  zone: string | null
  theme: Theme | null
  locale: Locale | null
  mails: MailChoices
  /** Whether transcripts of their classes may be used for exercises. */
  transcripts: boolean
}

export async function settingsOf(deps: Deps, userId: string): Promise<Settings> {
  const [row] = await deps.db.handle.select().from(appUser).where(eq(appUser.id, userId))
  if (!row) throw new Error(`There is no account ${userId}`)
  const { id, email, name, googleName, hasOwnName, localidad, nivel, telefono, zone, theme, locale } = row
  const mails = {
    dayBefore: row.mailDayBefore,
    hourBefore: row.mailHourBefore,
    activity: row.mailActivity,
    newsletter: row.newsletter === 'si',
  }
  return {
    id,
    email,
    name,
    googleName,
    hasOwnName,
    localidad,
    nivel,
    telefono,
    zone,
    theme,
    locale,
    mails,
    transcripts: row.transcriptsAgreedAt !== null,
  }
}

/** The four fields of `GET /api/user-data`. */
export async function userDataOf(deps: Deps, userId: string): Promise<UserData> {
  const { localidad, nivel, telefono, mails } = await settingsOf(deps, userId)
  return { localidad, nivel, telefono, newsletter: mails.newsletter ? 'si' : 'no' }
}

export async function saveUserData(deps: Deps, userId: string, data: UserData): Promise<void> {
  await updateUser(deps.db.handle, userId, { ...data, updatedAt: deps.clock.now() })
}

/** `name` empty: the one that Google knows, now and from the next sign-in on. */
export async function saveProfile(
  deps: Deps,
  userId: string,
  { name, ...profile }: Pick<UserData, 'localidad' | 'nivel' | 'telefono'> & { name: string },
): Promise<void> {
  await deps.db.handle
    .update(appUser)
    .set({
      ...profile,
      name: name === '' ? sql`${appUser.googleName}` : name,
      // Typing the very name that Google knows is no name of one's own: it follows Google as before.
      hasOwnName: sql`${name} <> '' AND ${name} <> ${appUser.googleName}`,
      updatedAt: deps.clock.now(),
    })
    .where(and(eq(appUser.id, userId), isNull(appUser.deletedAt)))
}

/** How pages look and speak, on every device of that person. What is left out stays. */
export async function savePreferences(
  deps: Deps,
  userId: string,
  preferences: { theme?: Theme; locale?: Locale; zone?: string | null },
): Promise<void> {
  await updateUser(deps.db.handle, userId, { ...preferences, updatedAt: deps.clock.now() })
}

export async function saveMailChoices(deps: Deps, userId: string, choices: MailChoices): Promise<void> {
  await updateUser(deps.db.handle, userId, {
    mailDayBefore: choices.dayBefore,
    mailHourBefore: choices.hourBefore,
    mailActivity: choices.activity,
    newsletter: choices.newsletter ? 'si' : 'no',
    updatedAt: deps.clock.now(),
  })
}
