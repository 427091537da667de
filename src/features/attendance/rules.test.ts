import { describe, expect, it } from 'vitest'
import type { MeetPresence } from '../meeting/provider.ts'
import { attendanceOf, isAttendanceDue } from './rules.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 26, 21, minutes))
const HOUR = { startsAt: at(0), endsAt: at(60) }
const TEACHER = '1'
const person = (userId: string, subject: string | null = userId) => ({ userId, name: `Name ${userId}`, subject })
const seen = (subject: string | null, name: string, ...stays: [number, number | null][]): MeetPresence => ({
  subject,
  name,
  stays: stays.map(([from, to]) => ({ from: at(from), to: to === null ? null : at(to) })),
})
const told = (people: Parameters<typeof attendanceOf>[0], presences: MeetPresence[], isWhole = true) =>
  attendanceOf(people, { people: [seen(TEACHER, 'Teacher', [0, 60]), ...presences], isWhole }, TEACHER, HOUR)

describe('attendanceOf', () => {
  it('counts the minutes of the class once, whatever overlaps, and nothing before or after it', () => {
    expect(told([person('7')], [seen('7', 'Any', [-10, 20]), seen('7', 'Telephone', [10, 30], [50, 90])])).toEqual([
      { userId: '7', attended: true, minutes: 40 },
    ])
  })

  it('somebody who is still there when Meet is asked stays until the end', () => {
    expect(told([person('7')], [seen('7', '', [15, null])])).toEqual([{ userId: '7', attended: true, minutes: 45 }])
  })

  it('whoever nobody saw is absent, when everybody in the room could be told', () => {
    expect(told([person('7'), person('8')], [seen('7', '', [0, 60])])[1]).toEqual({ userId: '8', attended: false, minutes: null })
  })

  it('nobody is called absent while a stranger was in the room', () => {
    expect(told([person('7'), person('8')], [seen('7', '', [0, 60]), seen(null, 'iPhone', [0, 60])])).toEqual([
      { userId: '7', attended: true, minutes: 60 },
    ])
  })

  it('a name counts when only one person and one presence bear it, accents and capitals aside', () => {
    const named = { userId: '7', name: 'José  Pérez', subject: '7' }
    expect(told([named], [seen(null, 'jose perez', [0, 30])])).toEqual([{ userId: '7', attended: true, minutes: 30 }])
    expect(told([named, { ...named, userId: '8', subject: '8' }], [seen(null, 'jose perez', [0, 30])])).toEqual([])
  })

  it('while Meet has not told everything, whoever it saw was there, and of nobody else is anything said', () => {
    const people = [person('7'), person('8'), person('9')]
    expect(told(people, [seen('7', '', [0, null]), seen('8', '', [-20, 0])], false)).toEqual([{ userId: '7', attended: true, minutes: 60 }])
  })

  it('somebody who left before the start was not in the class', () => {
    expect(told([person('7')], [seen('7', '', [-20, 0])])).toEqual([{ userId: '7', attended: false, minutes: null }])
  })
})

describe('isAttendanceDue', () => {
  it.each([
    [0, 14, false],
    [0, 15, true],
    [1, 59, false],
    [1, 60, true],
    [5, 100_000, false],
  ])('after %i looks and %i minutes: %s', (attendanceChecks, minutes, due) => {
    expect(isAttendanceDue({ endsAt: at(60), attendanceChecks }, at(60 + minutes))).toBe(due)
  })
})
