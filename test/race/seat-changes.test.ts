import { confirmedClass, openDoors } from './rig/classes.ts'
import { expectCount, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { enrolmentConstraints, rowLocks, together } from './rig/removals.ts'
import type { Answer } from './rig/rig.ts'

/**
 * Six guests come while the host releases two seats and changes the code, and two guests leave, each twice at once; in every other round the
 * class is cancelled as well.
 */
describeRace('join, release, leave, a new code and a cancellation at the same moment (decision 012)', {
  rounds: 6,
  async round(rig, round) {
    const theClass = await confirmedClass(rig, 5)
    openDoors(rig, theClass)
    const { classId, code, host } = theClass
    const inside = await rig.people(4)
    for (const person of inside) await rig.send(person, 'POST', '/api/access-code', { accessCode: code })
    const seats = await rig.world.rows<{ id: string; user_id: string }>('SELECT id, user_id FROM participation WHERE class_id = $1', [
      classId,
    ])
    const seatOf = (index: number) => seats.find(({ user_id }) => user_id === inside[index]?.id)?.id ?? ''
    const newcomers = await rig.people(6)
    const path = `/api/classes/${classId}`
    const twice = (send: () => Promise<Answer>) => [send(), send()]
    const released = [0, 1].flatMap((index) => twice(() => rig.send(host, 'POST', `${path}/seats/${seatOf(index)}/release`)))
    const joined = newcomers.map((person) => rig.send(person, 'POST', '/api/access-code', { accessCode: code }))
    const left = [2, 3].flatMap((index) => twice(() => rig.send(inside[index] ?? host, 'POST', `${path}/leave`)))
    const rotated = twice(() => rig.send(host, 'POST', `${path}/code`, { accessCode: code }))
    const cancelled = round % 2 === 1 ? [rig.send(host, 'POST', `${path}/cancel`)] : []
    const answers = { released: await Promise.all(released), joined: await Promise.all(joined), left: await Promise.all(left) }
    const rotations = await Promise.all(rotated)
    const ended = await Promise.all(cancelled)

    const successes = (of: Answer[]) => of.filter(({ status }) => status === 200).length
    const rows = await rig.world.rows<{ seat: number; user_id: string }>('SELECT seat, user_id FROM participation WHERE class_id = $1', [
      classId,
    ])
    const codes = await rig.world.rows<{ code: string; retire_reason: string | null }>(
      'SELECT code, retire_reason FROM access_code WHERE class_id = $1',
      [classId],
    )
    const drawn = new Set(rotations.filter(({ status }) => status === 200).map(({ body }) => body.accessCode))
    return [
      ...unexpected(answers.released, [200, 404, 409]),
      ...unexpected(answers.joined, [200, 409, 410]),
      ...unexpected(answers.left, [200, 404, 409]),
      ...unexpected(rotations, [200, 409]),
      ...unexpected(ended, [200]),
      ...(rows.length <= 5 ? [] : [`seats: ${rows.length} people in a class for 5`]),
      ...expectCount('seats', 'different seats', new Set(rows.map(({ seat }) => seat)).size, rows.length),
      ...expectCount('rows', 'people', rows.length, 5 + successes(answers.joined) - successes(answers.released) - successes(answers.left)),
      ...expectCount('codes', 'live codes', codes.filter(({ retire_reason }) => retire_reason === null).length, ended.length > 0 ? 0 : 1),
      ...expectCount(
        'codes',
        'codes that were changed',
        codes.filter(({ retire_reason }) => retire_reason === 'rotated').length,
        drawn.size,
      ),
      ...(drawn.size <= 1 ? [] : [`codes: ${drawn.size} were drawn for one request`]),
    ]
  },
  controls: { 'lock and constraints': { without: together(rowLocks, enrolmentConstraints), shows: 'seats|codes|rows' } },
})
