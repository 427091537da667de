import { describe, expect, it } from 'vitest'
import { instantAt } from '../../kernel/zoned-time.ts'
import type { SlotState } from '../academy/rules.ts'
import { inTurn, mergeSlots, weekAround } from './turn.ts'

const at = (time: string, state: SlotState, until = `${Number(time.slice(0, 2)) + 1}:00`) => ({
  startsAt: instantAt('2026-11-24', time),
  endsAt: instantAt('2026-11-24', until.padStart(5, '0')),
  state,
})

describe('whose turn a class is that anybody may give (decision 025)', () => {
  it('the fewest classes of the week first, then by id; whose hour is taken is asked last', () => {
    const loads = new Map([
      ['b', { classes: 3, isTaken: false }],
      ['c', { classes: 1, isTaken: false }],
      ['d', { classes: 0, isTaken: true }],
    ])
    const teachers = ['d', 'c', 'b', 'e', 'a'].map((id) => ({ id }))
    expect(inTurn(teachers, loads).map(({ id }) => id)).toEqual(['a', 'e', 'c', 'b', 'd'])
    expect(inTurn([...teachers].reverse(), loads)).toEqual(inTurn(teachers, loads))
  })

  it('the week is the Argentine one, from Monday on', () => {
    const week = { startsAt: instantAt('2026-11-23', '00:00'), endsAt: instantAt('2026-11-30', '00:00') }
    for (const [date, time] of [
      ['2026-11-23', '00:00'],
      ['2026-11-29', '23:59'],
    ] as const)
      expect(weekAround(instantAt(date, time))).toEqual(week)
  })
})

describe('the slots of several teachers together', () => {
  it('are free when anybody is, taken when nobody is but somebody could be, each once and in the order of time', () => {
    const merged = mergeSlots([
      [at('09:00', 'taken'), at('10:00', 'taken'), at('12:00', 'unavailable')],
      [at('09:00', 'free'), at('10:00', 'unavailable'), at('09:30', 'free', '10:30')],
    ])
    expect(merged).toEqual([at('09:00', 'free'), at('09:30', 'free', '10:30'), at('10:00', 'taken'), at('12:00', 'unavailable')])
  })
})
