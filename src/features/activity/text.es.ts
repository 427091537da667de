import type { ActivityRefusal } from './rules.ts'

/** Behaviour 4.14. */
export const ACTIVITY_TEXT: Record<ActivityRefusal, string> = {
  'unknown-activity': 'No se encontró la actividad',
  'bad-answers': 'Respuestas inválidas',
  'solution-early': 'La solución todavía no está disponible',
}

/** What the gaps of a teacher's own text say where the teacher says nothing. */
export const OWN_TEXT = { instruction: 'Completá los espacios.', explanation: 'Es la respuesta de tu profesor.' }
