import { describe, expect, it } from 'vitest'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { instantAt } from '../../kernel/zoned-time.ts'
import { contentHash, type MirrorState, ownClassOf, roundToBegin, touchesSeries, windowOf } from './rules.ts'

const NOW = instantAt('2026-11-24', '12:00')
const read = (change: Partial<MirrorState> = {}): MirrorState => ({
  syncToken: 'token',
  coversTo: windowOf(60, NOW).to,
  fullAt: instantAt('2026-11-24', '03:00'),
  fullWanted: false,
  ...change,
})

describe('what a round reads', () => {
  it.each([
    ['only changes, after a night', read(), NOW, 'delta'],
    ['everything, without a token', read({ syncToken: null }), NOW, 'full'],
    ['everything, the first time', read({ coversTo: null, fullAt: null }), NOW, 'full'],
    ['everything, after a series changed', read({ fullWanted: true }), NOW, 'full'],
    ['everything, when the horizon has grown', read({ coversTo: plus(NOW, 30 * DAY_MS) }), NOW, 'full'],
    ['only changes, before three in the morning', read(), instantAt('2026-11-25', '02:59'), 'delta'],
    ['everything, from three on', read(), instantAt('2026-11-25', '03:00'), 'full'],
  ] as const)('%s', (_, state, now, expected) => {
    expect(roundToBegin(state, 60, now)).toBe(expected)
  })

  it('its window holds every day that can be offered until the next night', () => {
    const { from, to } = windowOf(60, NOW)
    expect(from < NOW).toBe(true)
    expect(to >= plus(NOW, 62 * DAY_MS)).toBe(true)
  })

  it('a change to any occurrence of a series asks for everything', () => {
    expect(touchesSeries([{ recurringId: null }])).toBe(false)
    expect(touchesSeries([{ recurringId: null }, { recurringId: 'serie' }])).toBe(true)
  })
})

describe('whose event it is', () => {
  const classId = '0198f0a1-0000-4000-8000-00000000abcd'
  it.each([
    ['0198f0a100004000800000000000abcdg0', classId, classId],
    ['0198f0a100004000800000000000abcdg12', classId, classId],
    ['0198f0a100004000800000000000abcd', classId, null],
    ['copiaHechaAMano', classId, null],
    ['0198f0a100004000800000000000abcdg0', null, null],
  ])('%s, which says %s: %s', (eventId, says, expected) => {
    expect(ownClassOf({ eventId, classId: says })).toBe(expected)
  })
})

describe('the digest of what people read', () => {
  const content = { summary: 'Clase de Inglés', description: 'La clase sera…', attendees: ['a@x.test', 'b@x.test'], blocks: true }
  it('does not hang on the order of the guests, nor on the case of their addresses', () => {
    expect(contentHash({ ...content, attendees: ['B@x.test', 'a@x.test'] })).toBe(contentHash(content))
  })
  it.each([{ summary: 'x' }, { description: 'x' }, { attendees: ['a@x.test'] }, { blocks: false }])('tells %o apart', (change) => {
    expect(contentHash({ ...content, ...change })).not.toBe(contentHash(content))
  })
})
