/** Characters that are taken for each other on a photograph, in handwriting and over the telephone. */
const PAIRS = ['O0', 'I1'] as const

/**
 * The codes that somebody may have meant, the one that was typed first: whoever takes an O for a zero takes every one for it, so each pair is read as
 * typed, all as the letter or all as the digit. That covers every code in which a pair does not appear in both forms, and at most nine codes
 * stand for one try (decision 046).
 */
export function readingsOf(typed: string): string[] {
  return PAIRS.reduce<string[]>(
    (readings, pair) => {
      const either = new RegExp(`[${pair}]`, 'g')
      const ways = readings.flatMap((reading) => [reading, ...Array.from(pair, (one) => reading.replace(either, one))])
      return [...new Set(ways)]
    },
    [typed],
  )
}

/** Which of the codes there are was meant: what was typed, or else the only other one that it can be read as. */
export function meant<Issued extends { code: string }>(typed: string, issued: readonly Issued[]): Issued | null {
  const exact = issued.find(({ code }) => code === typed)
  if (exact) return exact
  return issued.length === 1 ? (issued[0] ?? null) : null
}
