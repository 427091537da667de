import type { CefrLevel } from './exercise.ts'

/** The level that a person says they have (behaviour 3.1) on the scale of the exercises. Whoever says nothing begins at the beginning. */
const LEVEL_OF: Readonly<Record<string, CefrLevel>> = { inicial: 'A1', basico: 'A2', intermedio: 'B1', avanzado: 'C1' }

export function cefrOf(nivel: string): CefrLevel {
  return LEVEL_OF[nivel] ?? 'A1'
}
