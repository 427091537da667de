import { countOf, overlappingPairs } from '../support/books.ts'
import { expectCount, tally, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { noOverlap, rowLocks } from './rig/removals.ts'
import type { Removal, Rig, Slot } from './rig/rig.ts'

/** A second teacher with the hours of the first. */
const SECOND = [
  `INSERT INTO teacher (id, email, display_name, created_at, updated_at)
   SELECT '00000000-0000-4000-8000-00000000000b', 'ana@academia.test', 'Ana', created_at + interval '1 second', updated_at FROM teacher`,
  `INSERT INTO opening_interval (teacher_id, weekday, opens, closes)
   SELECT '00000000-0000-4000-8000-00000000000b', weekday, opens, closes FROM opening_interval`,
]

/** Nobody looks whether a person has a class of their own in that hour. */
const ownHour: Removal = {
  rewrite: (text) =>
    /^select count\(\*\) from "virtual_class" where .*"booked_by_id" = .*"starts_at" </.test(text) ? `${text} and false` : text,
}

describeRace('60 people ask for one slot with anybody, and two teachers are free (decision 025)', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const people = await rig.people(60)
    const [slot] = rig.slots(1)
    const answers = await Promise.all(people.map((person) => rig.send(person, 'POST', '/api/checkout', slot)))
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 2),
      ...(await booked(rig, slot, 2)),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('one person asks for one slot with anybody 20 times at the same moment (4.8, double click)', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.send(person, 'POST', '/api/checkout', slot)))
    return [
      ...unexpected(answers, [200]),
      ...expectCount('answers', 'different answers', new Set(answers.map(({ body }) => body.classId)).size, 1),
      ...(await booked(rig, slot, 1)),
    ]
  },
  controls: { "the look at the person's own hour": { without: ownHour, shows: 'classes' } },
})

describeRace('one person asks for one slot with two teachers at the same moment', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const teachers = await rig.world.rows<{ id: string }>('SELECT id FROM teacher ORDER BY id')
    const asked = [...teachers, ...teachers, ...teachers].map(({ id }) => ({ ...slot, teacherId: id }))
    const answers = await Promise.all(asked.map((body) => rig.send(person, 'POST', '/api/checkout', body)))
    return [...unexpected(answers, [200, 409]), ...(await booked(rig, slot, 1))]
  },
  controls: { "the lock on the person's row": { without: rowLocks, shows: 'classes' } },
})

/** So many classes at that hour, each with another teacher. */
async function booked(rig: Rig, slot: Slot | undefined, classes: number): Promise<string[]> {
  const [row] = await rig.world.rows<{ teachers: number }>(
    'SELECT count(DISTINCT teacher_id)::int AS teachers FROM virtual_class WHERE starts_at = $1',
    [slot?.start],
  )
  return [
    ...expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0),
    ...expectCount('classes', 'classes', await countOf(rig.world, 'virtual_class WHERE starts_at = $1', [slot?.start]), classes),
    ...expectCount('teachers', 'teachers who give them', row?.teachers ?? 0, classes),
  ]
}
