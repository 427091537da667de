import { overlappingPairs } from '../support/books.ts'
import { heldClass } from './rig/classes.ts'
import { expectCount, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import type { Answer } from './rig/rig.ts'

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
