import type { Answer } from './rig.ts'

/** How many answers of each status. */
export function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** A line of harm when two numbers differ. */
export function expectCount(kind: string, what: string, found: number, wanted: number): string[] {
  return found === wanted ? [] : [`${kind}: ${found} ${what} instead of ${wanted}`]
}

/** A line of harm for each answer whose status is not one of `allowed`. */
export function unexpected(answers: readonly Answer[], allowed: readonly number[]): string[] {
  return answers
    .filter(({ status }) => !allowed.includes(status))
    .map(({ status, body }) => `answer: ${status} ${JSON.stringify(body).slice(0, 200)}`)
}
