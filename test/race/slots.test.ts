import { atMercadoPago, countOf, overlappingPairs } from '../support/books.ts'
import { expectCount, tally, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { noOverlap, noOwnHour, rowLocks, together } from './rig/removals.ts'
import type { Answer, Rig, Slot } from './rig/rig.ts'

const TAKEN = 'El horario ya no está disponible'
const TOO_MANY = 'Ya tenés demasiadas reservas pendientes de pago'

describeRace('200 people ask for one slot at the same moment (4.2, 4.8 check 8, invariant 1)', {
  rounds: 1,
  async round(rig) {
    const people = await rig.people(200)
    const [slot] = rig.slots(1)
    const answers = await Promise.all(people.map((person) => rig.send(person, 'POST', '/api/checkout', slot)))
    const losers = answers.filter(({ status }) => status === 409)
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...losers.filter(({ body }) => body.error !== TAKEN || !hasAlternatives(body)).map(({ body }) => `answer: ${JSON.stringify(body)}`),
      ...(await oneOfEach(rig, slot, people)),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('100 people ask for one slot while no calendar slows them down', {
  calendar: false,
  async round(rig) {
    const people = await rig.people(100)
    const [slot] = rig.slots(1)
    const answers = await Promise.all(people.map((person) => rig.send(person, 'POST', '/api/checkout', slot)))
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...(await oneOfEach(rig, slot, people)),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('one idempotency key arrives with ten bodies at the same moment (4.8 row 3)', {
  async round(rig, round) {
    const [person] = await rig.people(1)
    if (!person) throw new Error('Nobody is there')
    const slots = rig.slots(10)
    const key = { 'idempotency-key': `round-${round}` }
    const answers = await Promise.all(slots.map((slot) => rig.send(person, 'POST', '/api/checkout', slot, key)))
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('once', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...expectCount('holds', 'holds of this person', await countOf(rig.world, 'virtual_class WHERE booked_by_id = $1', [person.id]), 1),
    ]
  },
  controls: {
    'the claim of a key': {
      without: { rewrite: (text) => text.replace('where idempotency_key.created_at <=', 'where true OR idempotency_key.created_at <=') },
      shows: 'holds',
    },
  },
})

describeRace('people ask for slots that overlap by half an hour (invariant 1)', {
  // The opening hours are being moved by half an hour: both grids are on offer.
  prepare: [
    `INSERT INTO opening_interval (teacher_id, weekday, opens, closes)
     SELECT id, weekday, '09:30', '21:30' FROM teacher, generate_series(1, 6) AS weekday`,
  ],
  async round(rig) {
    const people = await rig.people(60)
    // The hour after the last is left to the half hour that reaches into it.
    const hours = rig.slots(5).slice(0, 4)
    const starts = hours.flatMap(({ start }) => [start, later(start, 30)])
    const asked = people.map((_, i) => starts[i % starts.length] ?? '')
    const answers = await Promise.all(
      people.map((person, i) => rig.send(person, 'POST', '/api/checkout', { start: asked[i], end: later(asked[i] ?? '', 60) })),
    )
    const won = asked.filter((_, i) => answers[i]?.status === 200)
    const refusedForNothing = asked.filter((start) => !won.some((other) => Math.abs(Date.parse(start) - Date.parse(other)) < 3_600_000))
    return [
      ...unexpected(answers, [200, 409]),
      ...refusedForNothing.map((start) => `winner: nobody has ${start}, and nothing is in its way`),
      ...(await overlaps(rig)),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('one person asks for one slot 20 times at the same moment (4.8, double click)', {
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.send(person, 'POST', '/api/checkout', slot)))
    const same = new Set(answers.map(({ body }) => `${body.classId} ${body.preferenceId} ${body.initPoint}`))
    return [
      ...unexpected(answers, [200]),
      ...expectCount('winner', 'different answers', same.size, 1),
      ...(await oneOfEach(rig, slot, [person])),
    ]
  },
  controls: { 'the exclusion constraints': { without: together(noOverlap, noOwnHour), shows: 'overlap' } },
})

describeRace('one person asks for 20 slots at the same moment (D7e: at most 5 unpaid holds)', {
  async round(rig) {
    const [person] = await rig.people(1)
    if (!person) throw new Error('Nobody is there')
    const slots = rig.slots(20)
    const answers = await Promise.all(slots.map((slot) => rig.send(person, 'POST', '/api/checkout', slot)))
    const refused = answers.filter(({ status }) => status === 409)
    return [
      ...unexpected(answers, [200, 409]),
      ...refused.filter(({ body }) => body.error !== TOO_MANY).map(({ body }) => `answer: ${JSON.stringify(body)}`),
      ...expectCount(
        'holds',
        'holds',
        await countOf(rig.world, `virtual_class WHERE booked_by_id = $1 AND status = 'pending'`, [person.id]),
        5,
      ),
    ]
  },
  controls: { "the lock on the person's row": { without: rowLocks, shows: 'holds' } },
})

describeRace('a double click on the last hold that is allowed (4.8 check 6 comes before check 7)', {
  async round(rig) {
    const [person] = await rig.people(1)
    if (!person) throw new Error('Nobody is there')
    for (const slot of rig.slots(4)) await rig.send(person, 'POST', '/api/checkout', slot)
    const [slot] = rig.slots(1)
    const answers = await Promise.all([1, 2, 3].map(() => rig.send(person, 'POST', '/api/checkout', slot)))
    return [
      ...unexpected(answers, [200]),
      ...expectCount('winner', 'different answers', new Set(answers.map(({ body }) => body.preferenceId)).size, 1),
      ...(await overlaps(rig)),
    ]
  },
  controls: { 'lock and constraints': { without: together(rowLocks, noOverlap, noOwnHour), shows: 'overlap' } },
})

describeRace('the identical booking arrives three times at the same moment (4.2 check 11)', {
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const { body } = await rig.send(person, 'POST', '/api/mercado-pago/create-preference', { type: 'individual' })
    const booking = { ...slot, preferenceId: body.preferenceId }
    const answers = await Promise.all([1, 2, 3].map(() => rig.send(person, 'POST', '/api/booking', booking)))
    return [
      ...unexpected(answers, [200]),
      ...expectCount('winner', 'different answers', new Set(answers.map(({ body }) => body.classId)).size, 1),
      ...(await overlaps(rig)),
    ]
  },
  controls: { 'lock and constraints': { without: together(rowLocks, noOverlap, noOwnHour), shows: 'overlap' } },
})

describeRace('one preference is booked for four slots at the same moment (4.2 check 20)', {
  async round(rig) {
    const [person] = await rig.people(1)
    if (!person) throw new Error('Nobody is there')
    const { body } = await rig.send(person, 'POST', '/api/mercado-pago/create-preference', { type: 'individual' })
    const bookings = rig.slots(4).map((slot) => ({ ...slot, preferenceId: body.preferenceId }))
    const answers = await Promise.all(bookings.map((booking) => rig.send(person, 'POST', '/api/booking', booking)))
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...expectCount('classes', 'classes', await countOf(rig.world, 'virtual_class WHERE booked_by_id = $1', [person.id]), 1),
    ]
  },
  controls: { 'the locks on person and order': { without: rowLocks, shows: 'classes' } },
})

describeRace('one person books one slot with two preferences at the same moment (4.2)', {
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const made = await Promise.all(
      [1, 2].map(() => rig.send(person, 'POST', '/api/mercado-pago/create-preference', { type: 'individual' })),
    )
    const answers = await Promise.all(
      made.map(({ body }) => rig.send(person, 'POST', '/api/booking', { ...slot, preferenceId: body.preferenceId })),
    )
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...(await overlaps(rig)),
    ]
  },
  controls: { 'the exclusion constraints': { without: together(noOverlap, noOwnHour), shows: 'overlap' } },
})

async function oneOfEach(rig: Rig, slot: Slot | undefined, people: readonly { id: string }[]): Promise<string[]> {
  const ids = people.map(({ id }) => id)
  const orders = await rig.world.rows<{ id: string }>('SELECT id FROM payment_order WHERE user_id = ANY ($1)', [ids])
  const references = new Set(orders.map(({ id }) => id))
  const { preferences } = await atMercadoPago(rig.world)
  return [
    ...(await overlaps(rig)),
    ...expectCount('classes', 'classes', await countOf(rig.world, 'virtual_class WHERE starts_at = $1', [slot?.start]), 1),
    ...expectCount('orders', 'orders', orders.length, 1),
    ...expectCount('preferences', 'preferences', preferences.filter(({ body }) => references.has(body.external_reference ?? '')).length, 1),
  ]
}

async function overlaps(rig: Rig): Promise<string[]> {
  return expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0)
}

function hasAlternatives(body: Answer['body']): boolean {
  return Array.isArray(body.alternatives) && body.alternatives.length === 3
}

function later(instant: string, minutes: number): string {
  return new Date(new Date(instant).getTime() + minutes * 60_000).toISOString()
}
