/** Common error texts of the API, byte-exact (behaviour 4.0). */
export const API_TEXT = {
  notFound: 'No encontrado',
  methodNotAllowed: 'Método no permitido',
  tooLarge: 'La solicitud es demasiado grande',
  unauthorized: 'Unauthorized',
  /** What a page says instead (behaviour 5.4). */
  signInPage: 'No estás autorizado. Inicia sesión.',
  foreignOrigin: 'Origen no permitido',
  forbidden: 'No tienes los permisos necesarios para acceder a esta ruta',
  tooMany: 'Demasiadas solicitudes. Probá de nuevo en unos minutos.',
  notJson: 'El cuerpo de la solicitud no es JSON válido',
  internal: 'Internal Server Error',
  busy: 'Hay mucha gente a la vez. Probá de nuevo en unos segundos.',
  diskLow: 'El servicio está en mantenimiento. Probá de nuevo en unos minutos.',
} as const
