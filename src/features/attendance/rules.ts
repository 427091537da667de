import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import type { MeetAttendance, MeetPresence } from '../meeting/provider.ts'

/** Somebody of a class, as Google may know them. */
export interface Expected {
  userId: string
  name: string
  /** Their Google account, where they sign in with one. */
  subject: string | null
}

export interface Attendance {
  userId: string
  attended: boolean
  minutes: number | null
}

interface Hour {
  startsAt: Date
  endsAt: Date
}

/**
 * Who was there, out of what Meet saw: by account, else by a name that only one person and one presence bear. Meet knows people who came
 * without an account by a name of their own choice, so nobody is called absent while somebody in the room could not be told; nor while Meet has
 * not told everything.
 */
export function attendanceOf(people: readonly Expected[], seen: MeetAttendance, teacherSubject: string, hour: Hour): Attendance[] {
  const others = seen.people.filter(({ subject }) => subject !== teacherSubject)
  const found = new Map<string, MeetPresence[]>()
  const claimed = new Set<MeetPresence>()
  for (const person of people) {
    const own = others.filter(({ subject }) => subject !== null && subject === person.subject)
    if (own.length > 0) found.set(person.userId, own)
    for (const presence of own) claimed.add(presence)
  }
  const unknown = people.filter(({ userId }) => !found.has(userId))
  const strangers = others.filter((presence) => !claimed.has(presence))
  for (const person of unknown) {
    const namesakes = unknown.filter(({ name }) => folded(name) === folded(person.name))
    const alike = strangers.filter(({ name }) => folded(name) === folded(person.name))
    if (namesakes.length !== 1 || alike.length !== 1) continue
    found.set(person.userId, alike)
    for (const presence of alike) claimed.add(presence)
  }
  const everybodyIsTold = others.every((presence) => claimed.has(presence))
  return people.flatMap(({ userId }): Attendance[] => {
    const minutes = minutesIn(found.get(userId) ?? [], hour)
    if (minutes > 0) return [{ userId, attended: true, minutes }]
    return seen.isWhole && (everybodyIsTold || found.has(userId)) ? [{ userId, attended: false, minutes: null }] : []
  })
}

/** Whole minutes of the class during which at least one of the presences lasted. */
function minutesIn(presences: readonly MeetPresence[], { startsAt, endsAt }: Hour): number {
  const stays = presences
    .flatMap(({ stays: all }) => all)
    .map(({ from, to }) => ({
      from: Math.max(from.getTime(), startsAt.getTime()),
      to: Math.min((to ?? endsAt).getTime(), endsAt.getTime()),
    }))
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.from - b.from)
  let totalMs = 0
  let until = 0
  for (const { from, to } of stays) {
    totalMs += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return Math.round(totalMs / MINUTE_MS)
}

function folded(name: string): string {
  return name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

/** How long after the end of a class Meet is asked: it closes its records when the last person has left. */
export const ASKED_AFTER_MS = [15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS] as const
export const ATTENDANCE_CHECKS_MAX = ASKED_AFTER_MS.length

export function isAttendanceDue(c: { endsAt: Date; attendanceChecks: number }, now: Date): boolean {
  const afterMs = ASKED_AFTER_MS[c.attendanceChecks]
  return afterMs !== undefined && now >= plus(c.endsAt, afterMs)
}

/** The teacher can say who is there from the start of the class on. */
export function canMarkAttendance(c: { status: string; startsAt: Date }, now: Date): boolean {
  return (c.status === 'scheduled' || c.status === 'completed') && now >= c.startsAt
}
