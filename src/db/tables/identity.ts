import { boolean, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { created, instant, touched } from './columns.ts'

export const appUser = pgTable('app_user', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  name: text('name').notNull(),
  image: text('image'),
  role: text('role').$type<'USER' | 'ADMIN' | 'MOD'>().notNull().default('USER'),
  localidad: text('localidad').notNull().default('-'),
  telefono: text('telefono'),
  nivel: text('nivel').$type<'inicial' | 'basico' | 'intermedio' | 'avanzado'>().notNull().default('inicial'),
  newsletter: text('newsletter').$type<'si' | 'no'>().notNull().default('no'),
  googleName: text('google_name').notNull().default(''),
  hasOwnName: boolean('has_own_name').notNull().default(false),
  theme: text('theme').$type<'light' | 'dark' | 'system'>(),
  locale: text('locale').$type<'es' | 'en'>(),
  zone: text('zone'),
  mailDayBefore: boolean('mail_day_before').notNull().default(true),
  mailHourBefore: boolean('mail_hour_before').notNull().default(true),
  mailActivity: boolean('mail_activity').notNull().default(true),
  /** Since when transcripts of their classes may be used; null: they may not. */
  transcriptsAgreedAt: instant('transcripts_agreed_at'),
  deletedAt: instant('deleted_at'),
  ...touched,
})

export const userIdentity = pgTable('user_identity', {
  provider: text('provider').notNull(),
  subject: text('subject').notNull(),
  userId: uuid('user_id').notNull(),
  ...created,
})

export const session = pgTable('session', {
  tokenHash: text('token_hash').primaryKey(),
  userId: uuid('user_id').notNull(),
  ...created,
  renewedAt: instant('renewed_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  publicId: uuid('public_id').notNull(),
  userAgent: text('user_agent').notNull().default(''),
  usedAt: instant('used_at'),
})

export const signInAttempt = pgTable('sign_in_attempt', {
  stateHash: text('state_hash').primaryKey(),
  browserHash: text('browser_hash').notNull(),
  purpose: text('purpose').$type<'login' | 'calendar'>().notNull(),
  nonce: text('nonce').notNull(),
  verifier: text('verifier').notNull(),
  returnTo: text('return_to').notNull(),
  userId: uuid('user_id'),
  teacherId: uuid('teacher_id'),
  ...created,
  expiresAt: instant('expires_at').notNull(),
})
