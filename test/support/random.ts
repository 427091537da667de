import type { Ids } from '../../src/kernel/ids.ts'

/** Numbers that follow from a seed alone. */
export interface Random {
  /** A whole number in [0, below). */
  below(limit: number): number
  /** True so many times in a hundred. */
  percent(chance: number): boolean
  pick<T>(from: readonly T[]): T
}

/** SplitMix32: a different, well-spread run for every seed, also for neighbouring ones. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    percent: (chance) => below(100) < chance,
    pick<T>(from: readonly T[]): T {
      const picked = from[below(from.length)]
      if (picked === undefined) throw new Error('Nothing to pick from')
      return picked
    },
  }
}

/** The application's ids and chance, repeatable. */
export function seededIds(random: Random): Ids {
  const hex = (length: number) => Array.from({ length }, () => random.below(16).toString(16)).join('')
  return {
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[random.below(4)]}${hex(3)}-${hex(12)}`,
    secret: (bytes = 32) => Buffer.from(hex(bytes * 2), 'hex').toString('base64url'),
    number: (below) => random.below(below),
  }
}
