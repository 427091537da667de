import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { askTogether } from '../../kernel/together.ts'
import { addDays, daysBetween, instantAt, type WallDate, wallDate } from '../../kernel/zoned-time.ts'
import { loadHours, scheduleOf } from '../academy/hours.ts'
import { rulesOf, teachersAsked } from '../academy/queries.ts'
import { type Interval, type Schedule, type SlotState, slotState, slotsOfDay } from '../academy/rules.ts'
import type { Teacher } from '../academy/store.ts'
import { type Busy, busyTimes } from '../meeting/busy.ts'
import { liveIntervals } from '../virtual-class/taken.ts'
import { parseTeacher } from './schema.ts'
import { mergeSlots } from './turn.ts'

export interface AvailableSlot extends Interval {
  state: SlotState
}

export interface Availability {
  slotMinutes: number
  /** How many days ahead can be booked, with whoever goes furthest. */
  horizonDays: number
  slots: AvailableSlot[]
  /** Set when slots are closed for a reason a person should know. */
  reason: 'calendar' | null
}

const ALTERNATIVES_MAX = 3
/** Looked at first: a crowd that wants one slot asks for its neighbours, over and over. */
const ALTERNATIVES_NEAR_DAYS = 2
const ALTERNATIVES_WITHIN_DAYS = 14

/**
 * Opening hours − blackouts − live classes − busy time, by overlap, for the ART dates `from` to `to` inclusive (behaviour 4.9): of one teacher,
 * or of everybody who takes bookings. A slot is free when any of them is.
 */
export function availability(deps: Deps, from: WallDate, to: WallDate, teacherId: string | null = null): Promise<Availability> {
  // What is free is the same for everybody.
  return askTogether(deps, `week ${from} ${to} ${teacherId}`, async () => togetherOf(deps, await teachersAsked(deps, teacherId), from, to))
}

/** The teacher that an address names, if they take bookings; null when it names nobody. */
export async function bookableTeacher(deps: Deps, text: string | undefined): Promise<Outcome<string | null, 'unknown-teacher'>> {
  const parsed = parseTeacher(text)
  if (!parsed.ok) return refuse('unknown-teacher')
  const { teacherId } = parsed.value
  if (teacherId === undefined) return succeed(null)
  return (await teachersAsked(deps, teacherId))[0]?.active ? succeed(teacherId) : refuse('unknown-teacher')
}

/** Everything that is read is read of all of them at once: as many statements for thirty teachers as for one. */
async function togetherOf(deps: Deps, teachers: readonly Teacher[], from: WallDate, to: WallDate): Promise<Availability> {
  if (teachers.length === 0) return { ...rulesOf(teachers), slots: [], reason: null }
  const start = instantAt(from, '00:00')
  const end = instantAt(addDays(to, 1), '00:00')
  const ids = teachers.map(({ id }) => id)
  const [hours, live, busy] = await Promise.all([
    loadHours(deps.db.handle, ids, start, end),
    liveIntervals(deps.db.handle, ids, start, end),
    busyTimes(deps, teachers, start, end, 'recent'),
  ])
  const now = deps.clock.now()
  const liveOf = Map.groupBy(live, ({ teacherId }) => teacherId)
  const ofEach = teachers.map((teacher) => {
    const taken = liveOf.get(teacher.id) ?? []
    return slotsBetween(scheduleOf(teacher, hours), taken, busy.get(teacher.id) ?? succeed([]), { from, to, now })
  })
  const [first, ...others] = ofEach
  // Whoever can be read is offered; there is something to explain only when nobody can.
  const reason = [...busy.values()].every(({ ok }) => !ok) ? 'calendar' : null
  return { ...rulesOf(teachers), slots: others.length === 0 ? (first ?? []) : mergeSlots(ofEach), reason }
}

function slotsBetween(
  schedule: Schedule,
  live: readonly Interval[],
  busy: Busy,
  { from, to, now }: { from: WallDate; to: WallDate; now: Date },
): AvailableSlot[] {
  const taken = busy.ok ? [...live, ...busy.value] : live
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, day) => slotsOfDay(schedule, addDays(from, day)))
    .flat()
    .map((slot) => ({ ...slot, state: busy.ok ? slotState(schedule, slot, taken, now) : 'unavailable' }))
}

/** Up to three free slots nearest to the wanted one, in order of time; of one teacher, or of anybody. */
export function nearestFree(deps: Deps, wanted: Date, teacherId: string | null = null): Promise<readonly Interval[]> {
  return askTogether(deps, `nearest ${wanted.getTime()} ${teacherId}`, () => findNearest(deps, wanted, teacherId))
}

async function findNearest(deps: Deps, wanted: Date, teacherId: string | null): Promise<Interval[]> {
  const near = await freeAround(deps, wanted, teacherId, ALTERNATIVES_NEAR_DAYS)
  // Nothing beyond those days is nearer than that.
  const isEnough = near.length === ALTERNATIVES_MAX && near.every((slot) => distance(slot, wanted) <= ALTERNATIVES_NEAR_DAYS * DAY_MS)
  const found = isEnough ? near : await freeAround(deps, wanted, teacherId, ALTERNATIVES_WITHIN_DAYS)
  return found.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime()).map(({ startsAt, endsAt }) => ({ startsAt, endsAt }))
}

async function freeAround(deps: Deps, wanted: Date, teacherId: string | null, days: number): Promise<AvailableSlot[]> {
  const now = deps.clock.now()
  const around = wallDate(wanted)
  const first = plus(wanted, -days * DAY_MS) < now ? wallDate(now) : addDays(around, -days)
  const { slots } = await availability(deps, first, addDays(around, days), teacherId)
  return slots
    .filter((slot) => slot.state === 'free' && slot.startsAt.getTime() !== wanted.getTime())
    .sort((a, b) => distance(a, wanted) - distance(b, wanted))
    .slice(0, ALTERNATIVES_MAX)
}

function distance(slot: Interval, wanted: Date): number {
  return Math.abs(slot.startsAt.getTime() - wanted.getTime())
}

/** What is looked at first for somebody who wants any slot. */
export const SOON_DAYS = 14

/** The next free slots, not all of one day; null when the timetable cannot be read. */
export function slotsToOffer(
  deps: Deps,
  { limit, perDayMax, teacherId = null }: { limit: number; perDayMax: number; teacherId?: string | null },
): Promise<Offer> {
  return askTogether(deps, `offer ${limit} ${perDayMax} ${teacherId}`, () =>
    search(deps, teacherId, (slots) => spread(slots, perDayMax).slice(0, limit)),
  )
}

interface Offer {
  slotMinutes: number
  slots: Interval[] | null
}

/** The next free slots from now on, within the horizon; at most `limit`, of one teacher or of anybody. */
export async function nextFree(deps: Deps, limit: number, teacherId: string | null = null): Promise<Interval[]> {
  return (await slotsToOffer(deps, { limit, perDayMax: limit, teacherId })).slots ?? []
}

/**
 * What `pick` finds in the next two weeks, and in what follows them only when there is nothing: this is asked for with every look at a page.
 * Each stretch is twice as long as the one before, so that a timetable booked out for a year is read in a few.
 */
async function search(deps: Deps, teacherId: string | null, pick: (slots: readonly AvailableSlot[]) => Interval[]): Promise<Offer> {
  const teachers = await teachersAsked(deps, teacherId)
  const [first] = teachers
  if (!first) return { slotMinutes: 60, slots: [] }
  const { slotMinutes } = first
  const today = wallDate(deps.clock.now())
  const last = addDays(today, Math.max(...teachers.map(({ horizonDays }) => horizonDays)))
  for (let from = today, days = SOON_DAYS; from <= last; from = addDays(from, days), days *= 2) {
    const to = addDays(from, Math.min(days - 1, daysBetween(from, last)))
    const { slots, reason } = await togetherOf(deps, teachers, from, to)
    if (reason) return { slotMinutes, slots: null }
    const found = pick(slots)
    if (found.length > 0) return { slotMinutes, slots: found }
  }
  return { slotMinutes, slots: [] }
}

/** The free ones of each day, up to a number. */
function spread(slots: readonly AvailableSlot[], perDayMax: number): Interval[] {
  const taken = new Map<WallDate, number>()
  return slots.flatMap(({ startsAt, endsAt, state }) => {
    const day = wallDate(startsAt)
    const before = taken.get(day) ?? 0
    if (state !== 'free' || before >= perDayMax) return []
    taken.set(day, before + 1)
    return [{ startsAt, endsAt }]
  })
}
