import { exchangeHolds } from '../../src/features/booking/exchange.ts'
import { overlappingPairs } from '../support/books.ts'
import { confirmedClass, heldClass } from './rig/classes.ts'
import { expectCount, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import type { Answer, Removal, Slot } from './rig/rig.ts'
import { closeGate, GIVEN_UP_GATE } from './rig/steering.ts'

describeRace('somebody gives up a hold and books the same slot again at the same moment (locking policy)', {
  calendar: false,
  rounds: 12,
  async round(rig, round) {
    const held = await heldClass(rig)
    const answers: Promise<Answer>[] = []
    for (let i = 0; i < 8; i++) {
      answers.push(rig.send(held.host, 'POST', '/api/checkout', { ...held.slot, text: `Otra vez, ${i}` }))
      if (i === round % 8) answers.push(rig.send(held.host, 'POST', `/api/classes/${held.classId}/cancel`))
      await rig.world.rows('SELECT 1')
    }
    return [
      ...unexpected(await Promise.all(answers), [200, 409]),
      ...expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0),
    ]
  },
  controls: {
    'the weaker lock on the person': {
      without: {
        rewrite: (text) =>
          text.startsWith('select "deleted_at" from "app_user"') ? text.replace(' for no key update', ' for update') : text,
      },
      shows: 'deadlock',
    },
  },
})

/** Whoever has counted a person's holds writes into the hour without waiting for its turn: of an exchange this takes the turn before the old hold goes. */
function withoutFirstTurn(): Removal {
  let before = ''
  return {
    rewrite(text) {
      const hasCounted = before.startsWith('select count(*) from "virtual_class"')
      before = text
      return hasCounted ? text.replace('pg_advisory_xact_lock(hashtextextended', '(hashtextextended') : text
    },
  }
}

describeRace('a hold is exchanged while another host moves a class into its hour (locking policy, decision 029)', {
  prepare: GIVEN_UP_GATE,
  rounds: 2,
  async round(rig) {
    const moving = await confirmedClass(rig, 1)
    const held = await heldClass(rig)
    const [process] = rig.processes
    if (!process) throw new Error('The rig has too few processes')
    const { start, end }: Slot = held.slot
    const request = {
      startsAt: new Date(start),
      endsAt: new Date(end),
      classType: 'individual',
      count: 1,
      focus: 'Otra cosa',
      price: null,
    } as const
    const admin = await rig.world.admin()
    // The exchange is held up when its old hold is gone; whoever wants the hour comes then.
    const gate = await closeGate(rig)
    const exchanging = exchangeHolds(process.deps, held.host.id, request, [held.classId])
    await gate.waiting(1)
    let through = false
    const move = rig.send(admin, 'POST', `/api/classes/${moving.classId}/reschedule`, held.slot).finally(() => {
      through = true
    })
    await gate.waiting(2, () => through)
    await gate.open()
    const [exchanged, moved] = await Promise.all([exchanging, move])
    return [
      ...unexpected([moved], [409]),
      ...(exchanged.ok ? [] : [`exchange: ${exchanged.reason}`]),
      ...expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0),
    ]
  },
  controls: { 'the turn before the old hold goes': { without: withoutFirstTurn(), shows: 'deadlock' } },
})
