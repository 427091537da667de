import { countOf } from '../support/books.ts'
import { confirmedClass, openDoors } from './rig/classes.ts'
import { expectCount, tally, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { countOnTheRow } from './rig/removals.ts'
import type { Rig } from './rig/rig.ts'
import { closeTable } from './rig/steering.ts'

const TRIES_MAX = 10
const PATH = '/api/access-code'

const wrong = (number: number) => ({ accessCode: `WRONG${String(number).padStart(3, '0')}` })

describeRace('40 wrong codes of one person at once: ten are looked at (4.7 row 3, A6)', {
  async round(rig) {
    const [guest] = await rig.people(1)
    if (!guest) throw new Error('Nobody came')
    const answers = await Promise.all(Array.from({ length: 40 }, (_, number) => rig.send(guest, 'POST', PATH, wrong(number))))
    return [
      ...unexpected(answers, [404, 429]),
      ...expectCount('guess', 'codes that were looked at', tally(answers)[404] ?? 0, TRIES_MAX),
      ...expectCount('count', 'of the counter', await usedBy(rig, guest.id), TRIES_MAX),
    ]
  },
  controls: { 'counting on the row': { without: countOnTheRow, shows: 'guess' } },
})

describeRace('the right code, sent while the tenth wrong one is still being looked at, has to wait like any other (4.7 row 3)', {
  rounds: 2,
  async round(rig) {
    const theClass = await confirmedClass(rig, 3)
    openDoors(rig, theClass)
    const [guest] = await rig.people(1)
    if (!guest) throw new Error('Nobody came')
    for (let number = 1; number < TRIES_MAX; number++) await rig.send(guest, 'POST', PATH, wrong(number))
    const gate = await closeTable(rig, 'access_code')
    const tenth = rig.send(guest, 'POST', PATH, wrong(TRIES_MAX))
    await gate.waiting(1)
    const right = rig.send(guest, 'POST', PATH, { accessCode: theClass.code })
    await gate.waiting(2)
    await gate.open()
    const answers = await Promise.all([tenth, right])
    return [
      ...unexpected(answers, [404, 429]).map((line) => `guess: ${line}`),
      ...expectCount('seats', 'people who got in', await countOf(rig.world, 'participation WHERE class_id = $1', [theClass.classId]), 1),
    ]
  },
  controls: { 'counting on the row': { without: countOnTheRow, shows: 'guess' } },
})

describeRace('a crowd with the right code at one address is never told to wait, and counts for nothing (4.7 row 3)', {
  rounds: 1,
  async round(rig) {
    const theClass = await confirmedClass(rig, 2)
    openDoors(rig, theClass)
    const people = await rig.people(80)
    const again = Array.from({ length: 20 }, () => people[0]).filter((person) => person !== undefined)
    const answers = await Promise.all([...people, ...again].map((person) => rig.send(person, 'POST', PATH, { accessCode: theClass.code })))
    const used = await rig.world.rows<{ used: number }>(`SELECT used FROM rate_limit WHERE bucket LIKE 'code:%' AND used > 0`)
    return [...unexpected(answers, [200, 409]), ...used.map((row) => `count: ${row.used} uses are left`)]
  },
  controls: {
    'giving the use back': {
      without: { rewrite: (text) => text.replace('SET used = used - 1', 'SET used = used - 0') },
      shows: 'answer|count',
    },
  },
})

async function usedBy(rig: Rig, userId: string): Promise<number> {
  const [row] = await rig.world.rows<{ used: number }>('SELECT used FROM rate_limit WHERE bucket = $1', [`code:user:${userId}`])
  return row?.used ?? 0
}
