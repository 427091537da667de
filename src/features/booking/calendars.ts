import type { Deps } from '../../deps.ts'
import { SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { type Interval, overlaps } from '../academy/rules.ts'
import { type Busy, busyNow, busyTimes, type CalendarOwner, catchUp } from '../meeting/busy.ts'
import { subtract } from '../meeting/intervals.ts'

/** Whether a calendar leaves an hour free. */
export type Leave = Outcome<null, 'calendar-unreadable' | 'slot-taken'>

/** As a teacher's calendar says, asked now. `own`: time that whoever asks leaves. */
export async function isHourFree(deps: Deps, teacher: CalendarOwner, slot: Interval, own: readonly Interval[] = []): Promise<Leave> {
  const leave = leaveOf(await busyNow(deps, teacher, slot.startsAt, slot.endsAt), slot, own)
  if (!leave.ok && leave.reason === 'slot-taken') await catchUp(deps, teacher, slot)
  return leave
}

/** As each calendar was known when it was read last, in the order of the teachers; nobody is asked. */
export async function wereHoursFree(deps: Deps, teachers: readonly CalendarOwner[], slot: Interval): Promise<Leave[]> {
  const busy = await busyTimes(deps, teachers, slot.startsAt, slot.endsAt, 'known')
  return teachers.map(({ id }) => leaveOf(busy.get(id) ?? succeed([]), slot))
}

function leaveOf(busy: Busy, slot: Interval, own: readonly Interval[] = []): Leave {
  if (!busy.ok) return refuse('calendar-unreadable')
  return subtract(busy.value, own).some((interval) => overlaps(interval, slot)) ? refuse('slot-taken') : succeed(null)
}

/** So many are asked at the same moment, once the one whose turn it is has said no: asked alone, it mostly says yes. */
const ASKED_AT_ONCE = 4
/** Whoever takes anybody waits this long for answers, for all of them together. */
const ANYBODY_WAITS_MS = 8 * SECOND_MS

/**
 * What several candidates say of an hour, in their turn, asked only as far as somebody goes on listening. One that is known to be busy then, from a
 * reading that is believed, is not asked. When the time is up the others answer with what is known of them.
 */
export async function* inTurnAsked<T>(
  candidates: readonly T[],
  of: { known: (candidates: readonly T[]) => Promise<readonly Leave[]>; now: (candidate: T) => Promise<Leave> },
): AsyncGenerator<{ candidate: T; leave: Leave }> {
  const timeUp = Promise.withResolvers<'time-up'>()
  const timer = setTimeout(() => timeUp.resolve('time-up'), ANYBODY_WAITS_MS)
  try {
    const known = await of.known(candidates)
    const worthAsking = candidates.flatMap((candidate, at) => {
      const last = known[at]
      return last && (last.ok || last.reason === 'calendar-unreadable') ? [{ candidate, last }] : []
    })
    let isTimeUp = false
    for (let begun = 0; begun < worthAsking.length; ) {
      const wave = worthAsking.slice(begun, begun + (begun === 0 ? 1 : ASKED_AT_ONCE))
      begun += wave.length
      const asked = wave.map(({ candidate, last }) => {
        const answer = isTimeUp ? Promise.resolve(last) : of.now(candidate)
        // Nobody may be listening any more when it fails.
        answer.catch(() => undefined)
        return { candidate, last, answer }
      })
      for (const { candidate, last, answer } of asked) {
        const said = await Promise.race([answer, timeUp.promise])
        isTimeUp ||= said === 'time-up'
        yield { candidate, leave: said === 'time-up' ? last : said }
      }
    }
  } finally {
    clearTimeout(timer)
  }
}
