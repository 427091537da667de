/** The encodings that we send, best first. */
const ENCODINGS = ['br', 'gzip'] as const

export type Encoding = (typeof ENCODINGS)[number]

/** The best encoding that a browser takes, by its `Accept-Encoding` (RFC 9110, 12.5.3); null for none. */
export function bestEncoding(accepts: string | undefined, offered: readonly Encoding[] = ENCODINGS): Encoding | null {
  if (!accepts) return null
  const taken = new Set(
    accepts
      .toLowerCase()
      .split(',')
      .map((part) => part.trim().split(/\s*;\s*/))
      .filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ''))
      .map(([name]) => name),
  )
  return offered.find((encoding) => taken.has(encoding) || taken.has('*')) ?? null
}
