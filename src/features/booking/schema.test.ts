import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BOOKING_STATUS, type BookingRefusal } from './rules.ts'
import { parseBooking, parsePreference, parseSlotRequest } from './schema.ts'
import { bookingPageText, bookingText } from './text.es.ts'

const WHEN = { start: '2026-11-26T18:00:00-03:00', end: '2026-11-26T22:00:00Z' }
const VALID = { ...WHEN, preferenceId: 'pref-1' }

function reason(body: unknown): string | null {
  const parsed = parseBooking(body)
  return parsed.ok ? null : parsed.reason
}

describe('the body of a booking (4.2 rows 3 to 10)', () => {
  it('is read: instants, type, head-count, objective', () => {
    expect(parseBooking({ ...VALID, isGroupClass: true, studentsCount: '3', text: '  Viaje ', price: 36000 })).toEqual({
      ok: true,
      value: {
        startsAt: new Date('2026-11-26T21:00:00Z'),
        endsAt: new Date('2026-11-26T22:00:00Z'),
        classType: 'grupal',
        count: 3,
        focus: 'Viaje',
        price: 36000,
        preferenceId: 'pref-1',
      },
    })
  })

  it('row 3: must be an object with something in it', () => {
    for (const body of [undefined, null, {}, [], [VALID], 'texto', '', 7, true]) expect(reason(body)).toBe('missing-data')
  })

  it('row 4: names both dates', () => {
    const bodies = [{ start: WHEN.start }, { end: WHEN.end }, { ...VALID, start: null }, { ...VALID, end: '' }, { otro: 1 }]
    for (const body of bodies) expect(reason(body)).toBe('missing-dates')
  })

  it('row 5: names the preference', () => {
    for (const preferenceId of [undefined, null, '', '   ', 7, {}, []]) expect(reason({ ...WHEN, preferenceId })).toBe('missing-preference')
    expect(parseSlotRequest(WHEN).ok).toBe(true)
  })

  it('row 6: dates carry a zone and exist', () => {
    for (const start of ['2027-03-15T10:00:00', 'mañana', '2027-02-30T10:00:00Z', 1_805_115_600_000, {}, ['2027-03-15T10:00:00Z'], true]) {
      expect(reason({ ...VALID, start })).toBe('bad-date')
      expect(reason({ ...VALID, end: start })).toBe('bad-date')
    }
  })

  it('rows 7 and 8: type and head-count', () => {
    for (const isGroupClass of [null, 'true', 1, 0, {}]) expect(reason({ ...VALID, isGroupClass })).toBe('bad-type')
    expect(reason({ ...VALID, isGroupClass: true })).toBe('bad-count')
    expect(reason({ ...VALID, isGroupClass: true, studentsCount: 6 })).toBe('bad-count')
    expect(reason({ ...VALID, studentsCount: 2 })).toBe('bad-count')
  })

  it('rows 9 and 10: the objective is a text of at most 100 characters after trimming', () => {
    for (const text of [null, 7, true, [], {}]) expect(reason({ ...VALID, text })).toBe('bad-text')
    expect(reason({ ...VALID, text: 'x'.repeat(101) })).toBe('long-text')
    expect(reason({ ...VALID, text: 'x'.repeat(100) })).toBeNull()
    expect(reason({ ...VALID, text: ` ${'x'.repeat(100)}\n` })).toBeNull()
    expect(reason({ ...VALID, text: 'x'.repeat(60_000) })).toBe('long-text')
  })

  it('an emoji is one character', () => {
    expect(reason({ ...VALID, text: '😀'.repeat(100) })).toBeNull()
    expect(reason({ ...VALID, text: '😀'.repeat(101) })).toBe('long-text')
  })

  it('no objective is null, however it is not said', () => {
    for (const text of [undefined, '', '   ', '\t\n ']) {
      const parsed = parseBooking(text === undefined ? VALID : { ...VALID, text })
      expect(parsed.ok && parsed.value.focus).toBeNull()
    }
  })

  it('half a surrogate pair becomes what the store will keep', () => {
    const parsed = parseBooking({ ...VALID, text: 'a\ud800b' })
    expect(parsed.ok && parsed.value.focus).toBe('a\ufffdb')
  })

  it('keys of the prototype are keys like any other', () => {
    expect(reason(JSON.parse('{"__proto__": {"start": "2026-11-26T21:00:00Z"}}'))).toBe('missing-dates')
    expect(reason({ constructor: 1, toString: 2 })).toBe('missing-dates')
    const parsed = parseBooking(JSON.parse(JSON.stringify(VALID).replace('{', '{"__proto__": {"isGroupClass": true},')))
    expect(parsed.ok && parsed.value.classType).toBe('individual')
  })

  it('the first check that fails answers', () => {
    expect(reason({ start: 'x', isGroupClass: 7, text: 7 })).toBe('missing-dates')
    expect(reason({ start: 'x', end: 'x', isGroupClass: 7, text: 7 })).toBe('missing-preference')
    expect(reason({ ...VALID, end: 'x', isGroupClass: 7, text: 7 })).toBe('bad-date')
    expect(reason({ ...VALID, isGroupClass: 7, studentsCount: 9, text: 7 })).toBe('bad-type')
    expect(reason({ ...VALID, studentsCount: 9, text: 7 })).toBe('bad-count')
  })

  it('nothing that JSON can say makes it throw or accept nonsense', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom(WHEN.start, WHEN.end, true, 3, 'pref-1'))
    const anyBody = fc.record(
      { start: field, end: field, preferenceId: field, isGroupClass: field, studentsCount: field, text: field },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(anyBody, fc.jsonValue()), (body) => {
        const parsed = parseBooking(body)
        if (!parsed.ok) return
        expect(Number.isNaN(parsed.value.startsAt.getTime())).toBe(false)
        expect(
          parsed.value.classType === 'individual' ? parsed.value.count === 1 : parsed.value.count >= 2 && parsed.value.count <= 5,
        ).toBe(true)
        expect([...(parsed.value.focus ?? '')].length).toBeLessThanOrEqual(100)
      }),
    )
  })
})

describe('the body of a preference (4.1 rows 3 and 4)', () => {
  it('row 3: names a known type', () => {
    for (const body of [null, {}, [], 'individual', { type: 'otra' }, { type: null }, { type: ['individual'] }, { type: 'Individual' }]) {
      expect(parsePreference(body)).toEqual({ ok: false, reason: 'bad-type' })
    }
  })

  it('row 4: and a head-count that fits it', () => {
    expect(parsePreference({ type: 'grupal', studentsCount: 1 })).toEqual({ ok: false, reason: 'bad-count' })
    expect(parsePreference({ type: 'individual', studentsCount: 2 })).toEqual({ ok: false, reason: 'bad-count' })
    expect(parsePreference({ type: 'individual' })).toMatchObject({ ok: true, value: { classType: 'individual', count: 1 } })
  })
})

describe('texts of refusals', () => {
  const reasons = Object.keys(BOOKING_STATUS) as BookingRefusal[]

  it('every reason has one, and a page never shows an English one (5.4)', () => {
    for (const each of reasons) {
      expect(bookingText(each).length).toBeGreaterThan(5)
      expect(bookingPageText(each)).not.toMatch(/^(Missing|Failed|Error) /)
    }
  })

  it('the numbers in rows 13, 15 and 16 follow the settings', () => {
    const detail = { slotMinutes: 45, minNoticeMinutes: 60, horizonDays: 30 }
    expect(bookingText('wrong-length', detail)).toBe('La clase debe durar 45 minutos')
    expect(bookingText('short-notice', detail)).toBe('La reserva debe hacerse con al menos 1 hora de anticipación')
    expect(bookingText('short-notice', { minNoticeMinutes: 90 })).toBe('La reserva debe hacerse con al menos 90 minutos de anticipación')
    expect(bookingText('beyond-horizon', detail)).toBe('Solo se puede reservar hasta 30 días en adelante')
    expect(bookingText('wrong-length')).toBe('La clase debe durar 60 minutos')
    expect(bookingText('short-notice')).toBe('La reserva debe hacerse con al menos 2 horas de anticipación')
    expect(bookingText('beyond-horizon')).toBe('Solo se puede reservar hasta 60 días en adelante')
  })
})
