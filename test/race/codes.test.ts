import { randomInt } from 'node:crypto'
import type { Ids } from '../../src/kernel/ids.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { heldClass, payAtProvider } from './rig/classes.ts'
import { expectCount } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { codeKey } from './rig/removals.ts'

const CLASSES = 30
/** Characters of a code that differ at all, each between two letters: 128 codes, so that drawing the same one twice is the rule. */
const LIVELY_CHARACTERS = 7

describeRace('30 classes are confirmed at once while there are only 128 codes to draw (D18a, A1)', {
  rounds: 2,
  parts: () => ({ ids: fewCodes() }),
  async round(rig) {
    const classIds: string[] = []
    for (let i = 0; i < CLASSES; i++) {
      const held = await heldClass(rig)
      await payAtProvider(rig, held)
      classIds.push(held.classId)
    }
    await rig.working(() => rig.world.sandbox.tick())
    await rig.settle()
    const codes = await rig.world.rows<{ code: string; status: string }>(
      'SELECT a.code, c.status FROM virtual_class c LEFT JOIN access_code a ON a.class_id = c.id WHERE c.id = ANY ($1)',
      [classIds],
    )
    const all = await rig.world.rows<{ code: string }>('SELECT code FROM access_code')
    return [
      ...codes.filter(({ status }) => status !== 'scheduled').map(({ status }) => `status: ${status}`),
      ...codes.filter(({ code }) => !/^[A-Z0-9]{8}$/.test(code)).map(({ code }) => `form: ${code}`),
      ...expectCount('code', 'codes of this round', codes.length, CLASSES),
      ...expectCount('code', 'different codes', new Set(all.map(({ code }) => code)).size, all.length),
    ]
  },
  controls: { 'the key of a code': { without: codeKey, shows: 'code' } },
})

/** A code is eight numbers below 36, drawn in a row: the first is always the same letter, each other one of two. */
function fewCodes(): Ids {
  let drawn = 0
  return {
    ...systemIds,
    number: (below) => (below === 36 ? (drawn++ % 8 < 8 - LIVELY_CHARACTERS ? 0 : randomInt(2)) : systemIds.number(below)),
  }
}
