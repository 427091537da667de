import { MINUTE_MS, plus } from '../../kernel/clock.ts'

/** What is known of a channel; `expiresAt` and `renewAt` are null until Google has answered. */
export interface ChannelState {
  openedAt: Date
  renewAt: Date | null
  expiresAt: Date | null
}

/** Old and new channel tell of changes side by side for so long: none is missed, and what comes twice is read once. */
const OVERLAP_MS = 10 * MINUTE_MS

/**
 * When a channel is to be replaced: between 50 and 80 % of its life, wherever chance (0 to 1) puts it, so that not all teachers' channels are
 * renewed together. Counted on our own clock from when it was opened, so that a clock that goes wrong shifts it only a little.
 */
export function renewalOf(openedAt: Date, expiresAt: Date, chance: number): Date {
  const lifeMs = Math.max(0, expiresAt.getTime() - openedAt.getTime())
  return plus(openedAt, Math.floor(lifeMs * (0.5 + 0.3 * chance)))
}

/** Whether a new channel has to be opened beside the newest one that works. */
export function needsChannel(newest: ChannelState | null, now: Date): boolean {
  if (!newest?.expiresAt || !newest.renewAt) return true
  return now >= newest.renewAt || now >= newest.expiresAt
}

/** Whether the ones before the newest may be stopped. */
export function hasTakenOver(newest: ChannelState, now: Date): boolean {
  return newest.expiresAt !== null && now >= plus(newest.openedAt, OVERLAP_MS)
}
