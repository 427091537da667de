import { describe, expect, it } from 'vitest'
import { decideClose } from './closing.ts'

const NOTHING = { classes: 0, holds: 0, payments: 0 }
const facts = { isStaff: false, unfinished: NOTHING, email: 'ana@correo.test', typed: 'ana@correo.test' }

describe('ending an account', () => {
  it('needs the address typed, in whatever case', () => {
    expect(decideClose(facts).ok).toBe(true)
    expect(decideClose({ ...facts, typed: '  ANA@correo.test ' }).ok).toBe(true)
    expect(decideClose({ ...facts, typed: '' })).toMatchObject({ reason: 'unconfirmed' })
    expect(decideClose({ ...facts, typed: 'otra@correo.test' })).toMatchObject({ reason: 'unconfirmed' })
  })

  it.each(['classes', 'holds', 'payments'] as const)('waits for what is unfinished: %s', (what) => {
    expect(decideClose({ ...facts, unfinished: { ...NOTHING, [what]: 1 } })).toMatchObject({ reason: 'unfinished' })
  })

  it('is not for who teaches or runs the academy', () => {
    expect(decideClose({ ...facts, isStaff: true })).toMatchObject({ reason: 'staff' })
  })
})
