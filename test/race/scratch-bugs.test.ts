import { expect, it, describe, beforeAll, afterAll } from 'vitest'
import { openRig, type Rig } from './rig/rig.ts'
import { countOf } from './rig/ledger.ts'

describe('scratch', () => {
  let rig: Rig
  beforeAll(async () => { rig = await openRig() })
  afterAll(() => rig.close())
  it('double click on the last allowed hold', async () => {
    const [person] = await rig.people(1)
    for (const slot of rig.slots(4)) await rig.send(person!, 'POST', '/api/checkout', slot)
    const [slot] = rig.slots(1)
    const answers = await Promise.all([1, 2].map(() => rig.send(person!, 'POST', '/api/checkout', slot)))
    expect(answers.map((a) => [a.status, a.body.error])).toEqual([[200, undefined], [200, undefined]])
  })
  it('identical booking twice in parallel', async () => {
    const [person] = await rig.people(1)
    const { body } = await rig.send(person!, 'POST', '/api/mercado-pago/create-preference', { type: 'individual' })
    const [slot] = rig.slots(1)
    const answers = await Promise.all([1, 2].map(() => rig.send(person!, 'POST', '/api/booking', { ...slot, preferenceId: body.preferenceId })))
    expect(answers.map((a) => [a.status, a.body.error])).toEqual([[200, undefined], [200, undefined]])
  })
})
