import type { Deps } from '../../src/deps.ts'
import type { Bend } from './bends.ts'
import type { Kind } from './judge/kinds.ts'
import type { Mutant } from './rig/simulation.ts'

export interface NamedMutant {
  name: string
  mutant: Mutant
  /** The kinds of violation of which one proves that it was caught. */
  shows: readonly Kind[]
  /** Histories that are bent towards what this protection is for. */
  bend: Bend
}

/** The payment provider of a process with something of it changed. */
export const withPayments = (change: (deps: Deps) => Partial<Deps['payments']>): Mutant => ({
  replace: (deps) => ({ payments: { ...deps.payments, ...change(deps) } }),
})
