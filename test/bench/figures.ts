/** One line of the table. */
export interface Figure {
  group: string
  name: string
  unit: string
  /** One of each round. */
  values: readonly number[]
  /** Name of the line that is the limit, and its values: round by round the ratio is taken against it. */
  limit?: { name: string; values: readonly number[] }
  /** What is wanted of the ratio where there is a limit, of the value otherwise. */
  target?: { atLeast: number } | { atMost: number } | { exactly: number }
  note?: string
}

export interface Spread {
  median: number
  min: number
  max: number
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  return { median: median ?? 0, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 }
}

/** Nearest rank, of values in ascending order. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0
}

/** The ratio of each round to the limit of the same round; null without a limit. */
export function ratio({ values, limit }: Figure): Spread | null {
  if (!limit) return null
  return spread(values.map((value, round) => value / (limit.values[round] ?? Number.NaN)))
}

/** Whether the target is met; null when there is none. */
export function isMet(figure: Figure): boolean | null {
  const { target } = figure
  if (!target) return null
  const value = (ratio(figure) ?? spread(figure.values)).median
  if ('atLeast' in target) return value >= target.atLeast
  return 'atMost' in target ? value <= target.atMost : value === target.exactly
}

/**
 * Lets each subject have its turn in every round, in the other direction every second time, so that what changes on the machine meanwhile hits
 * all of them alike. Returns the values of each, by name.
 */
export async function interleave<Name extends string>(
  rounds: number,
  subjects: readonly { name: Name; run(): Promise<number> }[],
  tell: (text: string) => void,
): Promise<Record<Name, number[]>> {
  const values = Object.fromEntries(subjects.map(({ name }) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of round % 2 === 0 ? subjects : subjects.toReversed()) {
      tell(`round ${round + 1} of ${rounds}: ${name}`)
      values[name].push(await run())
    }
  }
  return values
}
