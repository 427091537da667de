import { createHash } from 'node:crypto'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { wallDate, wallTime } from '../../kernel/zoned-time.ts'
import type { SyncedEvent } from '../meeting/provider.ts'

/** What the mirror holds, for the decision how it is read on. */
export interface MirrorState {
  syncToken: string | null
  coversTo: Date | null
  fullAt: Date | null
  fullWanted: boolean
}

/** Nothing is offered after the horizon, whose last day ends within the first; the others let a reading come late. */
const BEYOND_HORIZON_DAYS = 3
const NIGHT_BEGINS = '03:00'

/** The window of a complete reading: what touches it is mirrored. */
export function windowOf(horizonDays: number, now: Date): { from: Date; to: Date } {
  return { from: plus(now, -DAY_MS), to: plus(now, (horizonDays + BEYOND_HORIZON_DAYS) * DAY_MS) }
}

/**
 * Whether everything is read, or what changed since. Everything: without a token, when a change asks for it, when the horizon lies beyond
 * what was read, and once a night, which moves the window on and mends what no change told.
 */
export function roundToBegin(state: MirrorState, horizonDays: number, now: Date): 'full' | 'delta' {
  const { syncToken, coversTo, fullAt, fullWanted } = state
  if (!syncToken || !coversTo || !fullAt || fullWanted) return 'full'
  if (coversTo < plus(now, (horizonDays + 1) * DAY_MS)) return 'full'
  return wallDate(fullAt) !== wallDate(now) && wallTime(now) >= NIGHT_BEGINS ? 'full' : 'delta'
}

/**
 * Which class an event was made for by us. The private property alone does not say so: a copy that somebody makes by hand carries it as well.
 * The id that we chose does.
 */
export function ownClassOf({ eventId, classId }: Pick<SyncedEvent, 'eventId' | 'classId'>): string | null {
  if (!classId) return null
  const [made, generation] = eventId.split('g', 2)
  return made === classId.replaceAll('-', '') && /^\d+$/.test(generation ?? '') ? classId : null
}

/**
 * Whether a change touches a series. What Google tells of occurrences that no longer exist is not promised anywhere, so after such a change
 * everything is read anew.
 */
export function touchesSeries(changed: readonly Pick<SyncedEvent, 'recurringId'>[]): boolean {
  return changed.some(({ recurringId }) => recurringId !== null)
}

/** What people read on an event, as far as it is ours to say. */
export interface EventContent {
  summary: string
  description: string
  attendees: readonly string[]
  blocks: boolean
}

/** A digest that is equal exactly when the content is; in which order the guests stand does not matter. */
export function contentHash({ summary, description, attendees, blocks }: EventContent): string {
  const people = attendees.map((address) => address.toLowerCase()).sort()
  return createHash('sha256')
    .update(JSON.stringify([summary, description.trim(), people, blocks]))
    .digest('hex')
    .slice(0, 32)
}
