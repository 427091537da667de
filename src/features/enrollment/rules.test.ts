import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideEnter, decideJoin, ENTER_STATUS, JOIN_STATUS, type JoinFacts } from './rules.ts'
import { enterText, joinText } from './text.es.ts'

const START = Date.parse('2026-11-26T21:00:00Z')
const MINUTE = 60_000

const facts = fc.record({
  status: fc.constantFrom('pending', 'scheduled', 'completed', 'cancelled'),
  classType: fc.constantFrom('individual', 'grupal'),
  maxParticipants: fc.integer({ min: 1, max: 5 }),
  participants: fc.integer({ min: 1, max: 5 }),
  alreadyJoined: fc.boolean(),
  codeRetired: fc.boolean(),
  isHost: fc.boolean(),
  cutoff: fc.constantFrom('end', 'start'),
  leadMinutes: fc.integer({ min: 0, max: 180 }),
  // Around both edges, to the second.
  seconds: fc.oneof(fc.integer({ min: -20_000, max: 20_000 }), fc.constantFrom(-3_601, -3_600, -1, 0, 1, 3_599, 3_600, 3_601)),
})

function factsOf(drawn: typeof facts extends fc.Arbitrary<infer T> ? T : never): JoinFacts {
  return {
    virtualClass: {
      status: drawn.status as JoinFacts['virtualClass']['status'],
      startsAt: new Date(START),
      endsAt: new Date(START + 60 * MINUTE),
      bookedById: 'host',
      classType: drawn.classType as 'individual' | 'grupal',
      maxParticipants: drawn.maxParticipants,
    },
    codeRetired: drawn.codeRetired,
    codeRotated: false,
    guestId: drawn.isHost ? 'host' : 'guest',
    participants: drawn.participants,
    alreadyJoined: drawn.alreadyJoined,
    leadMinutes: drawn.leadMinutes,
    cutoff: drawn.cutoff as 'end' | 'start',
    now: new Date(START + drawn.seconds * 1_000),
  }
}

describe('who may join (behaviour 4.7, invariant 15)', () => {
  it('a guest with a free seat is let in exactly in [start − lead, end)', () => {
    fc.assert(
      fc.property(facts, (drawn) => {
        const given = factsOf({
          ...drawn,
          status: 'scheduled',
          classType: 'grupal',
          codeRetired: false,
          isHost: false,
          alreadyJoined: false,
          cutoff: 'end',
        })
        fc.pre(given.participants < given.virtualClass.maxParticipants)
        const now = given.now.getTime()
        const open = now >= START - given.leadMinutes * MINUTE && now < START + 60 * MINUTE
        expect(decideJoin(given).ok).toBe(open)
      }),
      { numRuns: 2_000 },
    )
  })

  it('whoever is let in is no host, holds a live code of a scheduled class inside its window, and has or gets a seat', () => {
    fc.assert(
      fc.property(facts, (drawn) => {
        const given = factsOf(drawn)
        const decision = decideJoin(given)
        if (!decision.ok) return
        expect(given.guestId).not.toBe('host')
        expect(given.codeRetired).toBe(false)
        expect(given.virtualClass.status).toBe('scheduled')
        expect(given.now.getTime()).toBeGreaterThanOrEqual(START - given.leadMinutes * MINUTE)
        expect(given.now.getTime()).toBeLessThan(START + 60 * MINUTE)
        if (decision.step === 're-enter') expect(given.alreadyJoined).toBe(true)
        else {
          expect(given.participants).toBeLessThan(given.virtualClass.maxParticipants)
          expect(given.virtualClass.classType).toBe('grupal')
          if (given.cutoff === 'start') expect(given.now.getTime()).toBeLessThan(START)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('the first row that fits answers', () => {
    const base = factsOf({
      status: 'scheduled',
      classType: 'grupal',
      maxParticipants: 2,
      participants: 2,
      alreadyJoined: true,
      codeRetired: false,
      isHost: false,
      cutoff: 'start',
      leadMinutes: 60,
      seconds: 0,
    })
    const cancelled = { ...base.virtualClass, status: 'cancelled' as const }
    const late = new Date(START + 60 * MINUTE)
    const early = new Date(START - 61 * MINUTE)
    const reasonOf = (change: Partial<JoinFacts>) => {
      const decision = decideJoin({ ...base, ...change })
      return decision.ok ? decision.step : decision.reason
    }
    expect(reasonOf({ guestId: 'host', virtualClass: cancelled, now: late })).toBe('own-class')
    expect(reasonOf({ virtualClass: cancelled, now: late })).toBe('expired')
    expect(reasonOf({ codeRetired: true, now: late })).toBe('expired')
    const rotated = { codeRetired: true, codeRotated: true }
    expect(reasonOf({ ...rotated, alreadyJoined: false, now: late })).toBe('code-changed')
    expect(reasonOf({ ...rotated, now: late })).toBe('over')
    expect(reasonOf({ ...rotated, now: early })).toBe('early')
    expect(reasonOf(rotated)).toBe('re-enter')
    expect(reasonOf({ ...rotated, virtualClass: cancelled })).toBe('expired')
    expect(reasonOf({ now: late })).toBe('over')
    expect(reasonOf({ virtualClass: { ...base.virtualClass, status: 'completed' }, now: early })).toBe('over')
    expect(reasonOf({ now: early, alreadyJoined: true })).toBe('early')
    expect(reasonOf({ alreadyJoined: false })).toBe('started')
    expect(reasonOf({})).toBe('re-enter')
    expect(reasonOf({ alreadyJoined: false, cutoff: 'end' })).toBe('full')
    expect(reasonOf({ alreadyJoined: false, cutoff: 'end', participants: 1 })).toBe('take-seat')
    expect(
      reasonOf({ alreadyJoined: false, cutoff: 'end', participants: 1, virtualClass: { ...base.virtualClass, classType: 'individual' } }),
    ).toBe('full')
  })

  it('every refusal has a status and a text of its own', () => {
    const reasons = Object.keys(JOIN_STATUS) as (keyof typeof JOIN_STATUS)[]
    const texts = reasons.map((reason) => joinText(reason, { code: 'A3B5C7D9', leadMinutes: 60 }))
    expect(new Set(texts).size).toBe(reasons.length)
  })
})

describe('who may enter by the button (behaviour 4.10)', () => {
  const times = { startsAt: new Date(START), endsAt: new Date(START + 60 * MINUTE) }
  const enter = (status: 'pending' | 'scheduled' | 'completed' | 'cancelled', who: 'stranger' | 'member' | 'admin', minutes: number) => {
    const decision = decideEnter(
      { status, ...times },
      { belongs: who === 'member', isAdmin: who === 'admin' },
      60,
      new Date(START + minutes * MINUTE),
    )
    return decision.ok ? 'in' : decision.reason
  }

  it.each([
    ['stranger', 'scheduled', 0, 'unknown-class'],
    ['stranger', 'cancelled', 0, 'unknown-class'],
    ['member', 'cancelled', 90, 'cancelled'],
    ['member', 'completed', 0, 'over'],
    ['member', 'scheduled', 60, 'over'],
    ['member', 'pending', 0, 'not-confirmed'],
    ['member', 'scheduled', -61, 'early'],
    ['member', 'scheduled', -60, 'in'],
    ['member', 'scheduled', 59, 'in'],
    ['admin', 'scheduled', -10_000, 'in'],
    ['admin', 'scheduled', 90, 'in'],
    ['admin', 'pending', 0, 'not-confirmed'],
    ['admin', 'completed', 0, 'over'],
    ['admin', 'cancelled', 0, 'cancelled'],
  ] as const)('%s, class %s, %i minutes from the start: %s', (who, status, minutes, expected) => {
    expect(enter(status, who, minutes)).toBe(expected)
  })

  it('every refusal has a status and a text of its own', () => {
    const reasons = Object.keys(ENTER_STATUS) as (keyof typeof ENTER_STATUS)[]
    expect(new Set(reasons.map((reason) => enterText(reason, 60))).size).toBe(reasons.length)
  })
})
