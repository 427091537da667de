import { describe, expect, it } from 'vitest'
import { addressOf, missingChoice, nearestFree } from './slots.ts'

const slot = (hour: number, state = 'free') => ({ start: new Date(Date.UTC(2026, 10, 26, hour)).toISOString(), state })
const startOf = (hour: number) => slot(hour).start

describe('the nearest free slots', () => {
  it('come by distance in time, the earlier first among equals', () => {
    const slots = [slot(12), slot(17), slot(19), slot(18, 'taken'), slot(22)]
    expect(nearestFree(slots, startOf(18))).toEqual([startOf(17), startOf(19), startOf(22)])
  })

  it('leave out taken and unavailable ones and the lost slot itself', () => {
    expect(nearestFree([slot(17, 'taken'), slot(18), slot(19, 'unavailable')], startOf(18))).toEqual([])
  })
})

describe('what is missing before booking', () => {
  it('is a slot first', () => expect(missingChoice({ start: null, type: 'grupal', people: null })).toBe('slot'))
  it('is a number of people for a group', () => expect(missingChoice({ start: startOf(18), type: 'grupal', people: null })).toBe('people'))
  it('is nothing for a class alone', () => expect(missingChoice({ start: startOf(18), type: 'individual', people: null })).toBeNull())
  it('is nothing for a group with its number', () => expect(missingChoice({ start: startOf(18), type: 'grupal', people: '3' })).toBeNull())
})

describe('the choice in the address', () => {
  const here = 'https://x.test/inicio/reservas?dia=2026-11-26&start=old&text=old'
  const group = (text: string): [string, string][] => [
    ['start', startOf(18)],
    ['type', 'grupal'],
    ['n', '3'],
    ['text', text],
  ]

  it('takes the place of what was there and leaves the rest', () =>
    expect(addressOf(here, group('a&b'))).toBe(
      'https://x.test/inicio/reservas?dia=2026-11-26&start=2026-11-26T18%3A00%3A00.000Z&type=grupal&n=3&text=a%26b',
    ))
  it('carries nothing that is as it was in the beginning', () =>
    expect(
      addressOf(here, [
        ['type', 'individual'],
        ['n', '3'],
        ['text', ''],
      ]),
    ).toBe('https://x.test/inicio/reservas?dia=2026-11-26'))
})
