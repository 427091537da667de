import type { History } from './history/plan.ts'
import { kindOf } from './judge/kinds.ts'
import type { Result } from './run.ts'

/** Runs of one shrinking. */
const RUNS_MAX = 150

/** A smaller history that breaks the same rule: parts are taken away as long as a violation of the same kind remains. */
export async function shrink(result: Result, run: (history: History) => Promise<Result>): Promise<Result> {
  const kinds = new Set(result.violations.map(kindOf))
  let best = result
  let runs = 0
  const holdsWith = async (history: History): Promise<boolean> => {
    if (runs >= RUNS_MAX) return false
    runs += 1
    const tried = await run(history)
    const same = tried.violations.some((violation) => kinds.has(kindOf(violation)))
    if (same) best = tried
    return same
  }
  for (let again = true; again && runs < RUNS_MAX; ) {
    again = false
    for (const part of ['outages', 'crashes', 'faults', 'actions'] as const) {
      for (let size = Math.ceil(best.history[part].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
        for (let at = 0; at < best.history[part].length; ) {
          const rest = { ...best.history, [part]: best.history[part].filter((_, index) => index < at || index >= at + size) }
          if (await holdsWith(rest)) again = true
          else at += size
        }
      }
    }
    for (const [index, action] of best.history.actions.entries()) {
      if (!action.meanwhile) continue
      const actions = best.history.actions.map((other, i) => (i === index ? { ...other, meanwhile: false } : other))
      if (await holdsWith({ ...best.history, actions })) again = true
    }
  }
  return best
}
