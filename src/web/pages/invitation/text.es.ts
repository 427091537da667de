/** Why a consent came to nothing, in the words of whoever gave it. */
const TROUBLE: Readonly<Record<string, string>> = {
  denied: 'No diste permiso en Google, así que el calendario no se conectó.',
  'scope-missing': 'Faltó marcar un permiso del calendario en Google. Probá de nuevo y dejá todos los permisos marcados.',
  'no-refresh-token': 'Google no envió un permiso duradero. Probá de nuevo.',
  'not-teacher': 'Esa cuenta de Google no es la de la invitación. Elegí la tuya al volver a probar.',
  'email-taken': 'Esa dirección ya es de otra cuenta de Google en la academia. Pedile a la academia que invite a otra dirección tuya.',
  'other-teacher': 'Con esa cuenta ya das clases bajo otra dirección. Pedile a la academia que lo corrija.',
  expired: 'El intento venció. Probá de nuevo.',
  unavailable: 'No pudimos hablar con Google. Probá de nuevo en unos minutos.',
}

export const INVITATION = {
  title: 'Conectar tu calendario',
  hello: (name: string) => `Hola, ${name}.`,
  what: (academy: string) =>
    `${academy} te invita a dar clases. Para reservar tus horarios libres y crear cada clase con su enlace de Meet, necesita permiso para usar tu Google Calendar.`,
  account: (email: string) => `Elegí la cuenta ${email} y dejá marcados los permisos que pide Google. No hace falta que te registres.`,
  connect: 'Conectar con Google',
  done: 'Tu calendario quedó conectado. Ya podés cerrar esta página.',
  invalid: 'Este enlace no sirve o ya venció. Pedile a la academia uno nuevo.',
  trouble: (reason: string) => (Object.hasOwn(TROUBLE, reason) && TROUBLE[reason]) || 'No se pudo conectar el calendario. Probá de nuevo.',
}
