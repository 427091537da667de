export const CODE_LENGTH = 8

/** What stays in the field while typing or pasting: upper case, no spaces, at most eight characters. */
export function normalizeCode(typed: string): string {
  return typed.replace(/\s+/g, '').toUpperCase().slice(0, CODE_LENGTH)
}
