import type { EnterRefusal, JoinRefusal } from './rules.ts'

/** Texts of `POST /api/access-code`, byte-exact (behaviour 4.7). `code` is the trimmed, upper-cased input. */
export function joinText(reason: JoinRefusal, values: { code: string; leadMinutes: number }): string {
  switch (reason) {
    case 'bad-code':
      return 'El código debe tener exactamente 8 letras o números'
    case 'too-many-tries':
      return 'Demasiados intentos. Probá de nuevo en unos minutos.'
    case 'unknown-code':
      return `No se encontro ninguna clase asociada a este codigo: ${values.code}`
    case 'no-account':
      return 'No estás autorizado. Inicia sesión.'
    case 'own-class':
      return 'El creador de la clase no puede unirse como participante'
    case 'expired':
      return 'El código expiró: la clase fue cancelada o reprogramada.'
    case 'code-changed':
      return 'El código cambió. Pedile el nuevo a quien reservó.'
    case 'over':
      return 'La clase ya ha finalizado.'
    case 'early':
      return earlyText(values.leadMinutes)
    case 'started':
      return 'La clase ya comenzó y no admite nuevos ingresos.'
    case 'full':
      return 'La clase ya alcanzó el número máximo de participantes'
  }
}

export const ALREADY_JOINED_TEXT = 'El usuario ya está registrado en la clase'

/** Texts of `GET /api/classes/{id}/join` (behaviour 4.10). */
export function enterText(reason: EnterRefusal, leadMinutes: number): string {
  switch (reason) {
    case 'unknown-class':
      return 'No se encontró la clase'
    case 'cancelled':
      return 'La clase está cancelada'
    case 'over':
      return 'La clase ya ha finalizado.'
    case 'not-confirmed':
      return 'La clase todavía no está confirmada'
    case 'early':
      return earlyText(leadMinutes)
  }
}

function earlyText(leadMinutes: number): string {
  return `Todavía no podés unirte: la clase se habilita ${leadMinutes} minutos antes de que comience.`
}
