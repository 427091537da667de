import type { History } from './history/plan.ts'

/**
 * Violations that are known and being mended. Each names the seed that shows it; a test replays that seed and fails as soon as it shows the
 * violation no more, so that the entry has to go with the bug.
 */
export interface KnownViolation {
  name: string
  seed: number
  matches(violation: string, history: History): boolean
}

export const KNOWN: readonly KnownViolation[] = []

/** The name of the known violation that this one is; null for a new one. */
export function isKnown(violation: string, history: History): string | null {
  return KNOWN.find(({ matches }) => matches(violation, history))?.name ?? null
}
