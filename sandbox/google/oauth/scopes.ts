const PREFIX = 'https://www.googleapis.com/auth/'
const IDENTITY: Record<string, string> = {
  openid: 'openid',
  email: `${PREFIX}userinfo.email`,
  profile: `${PREFIX}userinfo.profile`,
  [`${PREFIX}userinfo.email`]: `${PREFIX}userinfo.email`,
  [`${PREFIX}userinfo.profile`]: `${PREFIX}userinfo.profile`,
}

/** Calendar scopes by short name, with the text the consent page shows. Section 2.8 of the provider contract. */
const CALENDAR: Record<string, string> = {
  calendar: 'Ver, editar, compartir y borrar de forma permanente todos los calendarios',
  'calendar.readonly': 'Ver y descargar cualquier calendario',
  'calendar.events': 'Ver y editar eventos en todos tus calendarios',
  'calendar.events.owned': 'Ver, crear, cambiar y borrar eventos de los calendarios que son tuyos',
  'calendar.events.readonly': 'Ver eventos en todos tus calendarios',
  'calendar.events.owned.readonly': 'Ver los eventos de los calendarios que son tuyos',
  'calendar.events.freebusy': 'Ver la disponibilidad en los calendarios a los que tenés acceso',
  'calendar.events.public.readonly': 'Ver los eventos de calendarios públicos',
  'calendar.freebusy': 'Ver tu disponibilidad en los calendarios',
  'calendar.calendars': 'Ver y cambiar las propiedades de tus calendarios',
  'calendar.calendars.readonly': 'Ver el título, la descripción y la zona horaria de tus calendarios',
  'calendar.calendarlist': 'Ver, agregar y quitar calendarios de tu lista',
  'calendar.calendarlist.readonly': 'Ver la lista de tus calendarios',
  'calendar.app.created': 'Crear calendarios secundarios y administrar sus eventos',
  'calendar.settings.readonly': 'Ver la configuración de tu calendario',
}

const OTHER: Record<string, string> = {
  'meetings.space.created': 'Crear y ver reuniones de Google Meet creadas por esta aplicación',
  'meetings.space.readonly': 'Ver información de tus reuniones de Google Meet',
  'meetings.space.settings': 'Cambiar la configuración de tus reuniones de Google Meet',
}

/** The scope as Google names it in answers ("email" comes back as a full address), or undefined when there is no such scope. */
export function canonicalScope(scope: string): string | undefined {
  if (IDENTITY[scope]) return IDENTITY[scope]
  const name = scope.startsWith(PREFIX) ? scope.slice(PREFIX.length) : undefined
  return name !== undefined && (CALENDAR[name] || OTHER[name]) ? scope : undefined
}

export function isIdentityScope(canonical: string): boolean {
  return canonical in IDENTITY
}

/** What the consent page says about a canonical scope. */
export function scopeText(canonical: string): string {
  if (canonical === 'openid') return 'Asociarte con tu información personal en Google'
  if (canonical === IDENTITY.email) return 'Ver tu dirección de correo principal'
  if (canonical === IDENTITY.profile) return 'Ver tu nombre y tu foto de perfil'
  const name = canonical.slice(PREFIX.length)
  return CALENDAR[name] ?? OTHER[name] ?? canonical
}

/** Scope addresses from short names: `scopes('calendar', 'calendar.events')`. */
export function calendarScopes(...names: string[]): string[] {
  return names.map((name) => PREFIX + name)
}

export function union(...lists: string[][]): string[] {
  return [...new Set(lists.flat())]
}
