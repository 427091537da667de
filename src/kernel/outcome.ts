/** Expected results are values: either `ok` with what was produced, or a reason from a closed list. Bugs throw. */
export type Outcome<T, Reason extends string, Detail = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: Reason; readonly detail?: Detail | undefined }

export function succeed<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function refuse<Reason extends string, Detail = undefined>(
  reason: Reason,
  detail?: Detail,
): { readonly ok: false; readonly reason: Reason; readonly detail?: Detail | undefined } {
  return detail === undefined ? { ok: false, reason } : { ok: false, reason, detail }
}
