import type { Locale } from '../../../kernel/locale.ts'
import type { Theme } from '../../../kernel/theme.ts'

/** What a form of the settings was refused for. */
export type WrongField = 'name' | 'localidad' | 'nivel' | 'telefono' | 'zone'

/** The profile as stored, or as typed in a form that was refused. */
export type ProfileView = {
  id: string
  email: string
  /** What others see. */
  name: string
  /** What stands in the field: empty while the name is Google's. */
  ownName: string
  googleName: string
  localidad: string
  nivel: string
  telefono: string
}

export type LookView = { theme: Theme; locale: Locale; zone: string }

export type MailsView = { dayBefore: boolean; hourBefore: boolean; activity: boolean; newsletter: boolean }

/** One login of the person; `publicId` names it in the form that ends it. */
export type SessionView = {
  publicId: string
  browser: string | null
  system: string | null
  startedAt: Date
  usedAt: Date
  isCurrent: boolean
}

/** View of `/inicio/configuracion`. */
export type SettingsView = {
  /** The profile as a form. */
  editing: boolean
  profile: ProfileView
  look: LookView
  /** Zones on offer, by their IANA names. */
  zones: readonly string[]
  mails: MailsView
  /** Whether transcripts of the person's classes may be used; null: there is nothing that would. */
  transcripts: boolean | null
  sessions: readonly SessionView[]
  wrong: readonly WrongField[]
}

export const SETTINGS_PATH = '/inicio/configuracion'
export const CLOSE_PATH = `${SETTINGS_PATH}/eliminar`

/** View of `/inicio/configuracion/eliminar`. */
export type CloseView = {
  email: string
  typed: string
  isStaff: boolean
  unfinished: { classes: number; holds: number; payments: number }
  unconfirmed: boolean
}
