const SORT = {
  dayBefore: 'el recordatorio del día antes de cada clase',
  hourBefore: 'el recordatorio de la hora antes de cada clase',
  activity: 'los avisos de actividades',
  newsletter: 'el boletín',
} as const

export const title = 'Mails que recibís'
export const ask = (sort: keyof typeof SORT) => `¿Querés dejar de recibir ${SORT[sort]}?`
export const rest = 'Los mails sobre reservas, pagos y cambios se envían siempre.'
export const end = 'No recibir más'
export const done = (sort: keyof typeof SORT) => `Listo: no te mandamos más ${SORT[sort]}.`
export const settings = 'Elegir qué mails recibo'
export const invalid = 'Este enlace no sirve. Abrilo entero desde el mail, o elegí qué mails recibís en tu configuración.'
