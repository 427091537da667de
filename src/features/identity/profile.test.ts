import { describe, expect, it } from 'vitest'
import { displayNameOf, localidadOf, parseUserData, telefonoOf, zoneOf } from './profile.ts'

const GOOD = { localidad: 'San Miguel de Tucumán', nivel: 'basico', telefono: '+54 9 11 5555-1234', newsletter: 'si' }

describe('the four fields of user data (behaviour 4.12)', () => {
  it('are parsed once, the telephone in E.164', () => {
    expect(parseUserData(GOOD)).toEqual({ ok: true, value: { ...GOOD, telefono: '+5491155551234' } })
  })

  it('are refused in the order of the contract: the first wrong one answers', () => {
    const reasonOf = (body: unknown) => {
      const parsed = parseUserData(body)
      return parsed.ok ? null : parsed.reason
    }
    const wrong: Record<string, unknown> = { localidad: '¡Rosario!', nivel: 'experto', telefono: '011', newsletter: true }
    const seen = Object.keys(wrong).map((field) => {
      const reason = reasonOf(wrong)
      wrong[field] = GOOD[field as keyof typeof GOOD]
      return reason
    })
    expect(seen).toEqual(['bad-localidad', 'bad-nivel', 'bad-telefono', 'bad-newsletter'])
    expect(reasonOf(wrong)).toBeNull()
    for (const body of [null, [], 'x', 3]) expect(reasonOf(body)).toBe('bad-localidad')
  })

  it.each([
    '-',
    'Ñorquincó',
    'a',
    'x'.repeat(40),
    ' Junín ',
    '25 de Mayo',
    'Villa Ñandú, Córdoba',
    "O'Higgins (Chaco)",
    'Gral. San Martín-Este',
  ])('a place: %j', (text) => {
    expect(localidadOf(text)).toBe(text.trim())
  })

  it.each(['', ' ', '--', 'x'.repeat(41), '1900', ', .', 'a/b', '<b>', '¡Rosario!', 'a\nb', 'a\0', 5, null, undefined])(
    'no place: %j',
    (value) => {
      expect(localidadOf(value)).toBeNull()
    },
  )

  it.each([
    ['', null],
    [' - ', null],
    [null, null],
    [undefined, null],
    ['+12345678', '+12345678'],
    ['+54-9-11-5555-1234', '+5491155551234'],
    ['+123456789012345', '+123456789012345'],
  ])('a telephone: %j', (value, number) => {
    expect(telefonoOf(value)).toEqual({ number })
  })

  it.each(['1155551234', '+1234567', '+1234567890123456', '+54 (11) 5555', '++5491155551234', '+54a', 5_491_155, {}])(
    'no telephone: %j',
    (value) => {
      expect(telefonoOf(value)).toBeNull()
    },
  )
})

describe('a name of one’s own', () => {
  it.each([
    ['  Ana   Ruiz ', 'Ana Ruiz'],
    ['', ''],
    ['José 2', 'José 2'],
  ])('%j', (typed, kept) => {
    expect(displayNameOf(typed)).toBe(kept)
  })

  it.each(['123', '<b>Ana</b>', 'Ana\u202eziuR', 'x'.repeat(81)])('no name: %j', (typed) => {
    expect(displayNameOf(typed)).toBeNull()
  })
})

describe('a zone of one’s own', () => {
  it('is a name of the IANA list, or nothing', () => {
    expect(zoneOf('')).toEqual({ zone: null })
    expect(zoneOf('Europe/Madrid')).toEqual({ zone: 'Europe/Madrid' })
    for (const text of ['Madrid', '+03:00', 'Europe/Madrid\n', '../etc', 'x'.repeat(70)]) expect(zoneOf(text)).toBeNull()
  })
})
