/** Words of the pages that anybody may meet: signing in, and what went wrong. */
export const SIGN_IN = {
  title: 'Ingresar',
  chosen: (date: string, time: string) => `Elegiste el ${date}, ${time}. Ingresá y seguís con ese horario.`,
  why: 'Usamos tu cuenta de Google para saber quién sos y para que entres a Meet sin golpear la puerta.',
  google: 'Ingresar con Google',
  what: 'Solo vemos tu nombre, tu foto y tu correo. Nunca tu calendario ni tus contactos.',
  accept: 'Al ingresar aceptás los',
  terms: 'términos y condiciones',
  and: 'y la',
  privacy: 'política de privacidad',
  errors: {
    denied: 'No diste permiso en Google, así que no iniciamos sesión. Podés probar de nuevo cuando quieras.',
    'unverified-email': 'Tu cuenta de Google no tiene el correo verificado. Verificalo en Google y probá de nuevo.',
    'email-taken': 'Ese e-mail ya pertenece a otra cuenta de Google. Ingresá con la cuenta de siempre.',
    expired: 'El intento de ingreso venció. Probá de nuevo.',
    failed: 'No pudimos hablar con Google. Probá de nuevo en unos minutos.',
  },
} as const

export const ERRORS = {
  foreignOrigin: 'Origen no permitido',
  403: 'Si creés que es un error, cerrá sesión y volvé a ingresar con la cuenta correcta.',
  404: { title: 'No encontramos esta página', text: 'Puede que la dirección esté mal escrita o que la página ya no exista.' },
  429: { title: 'Demasiadas solicitudes', text: 'Probá de nuevo en unos minutos.' },
  503: { title: 'No podemos atenderte ahora', text: 'Probá de nuevo en unos minutos.' },
  busy: 'Hay mucha gente a la vez. Probá de nuevo en unos segundos: no se guardó ni se cobró nada.',
  unexpected: { title: 'Algo salió mal', text: 'Probá de nuevo en unos minutos. Si estabas pagando, tu pago no se pierde.' },
  toClasses: 'Ir a Mis Clases Virtuales',
  toHome: 'Ir al inicio',
  toHelp: 'Pedir ayuda',
  toGuide: 'Ver la guía',
} as const
