import { describe, expect, it } from 'vitest'
import { stateFor } from './payment.ts'

describe('a payment that is being waited for', () => {
  it('keeps waiting while it is pending or unheard of', () => {
    expect(stateFor('pending')).toBeNull()
    expect(stateFor('in_process')).toBeNull()
  })
  it('is settled by every final status', () => {
    expect(['approved', 'rejected', 'refunded'].map(stateFor)).toEqual(['approved', 'rejected', 'refunded'])
  })
})
