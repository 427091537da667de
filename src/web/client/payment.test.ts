import { describe, expect, it } from 'vitest'
import { stateFor } from './payment.ts'

describe('a payment that is being waited for', () => {
  it('keeps waiting while it is pending or unheard of', () => {
    expect(stateFor({ status: 'pending' })).toBeNull()
    expect(stateFor({ status: 'in_process', classStatus: 'pending' })).toBeNull()
  })
  it('is settled by every final status', () => {
    const states = ['approved', 'rejected', 'refunded']
    expect(states.map((status) => stateFor({ status, classStatus: 'scheduled' }))).toEqual(states)
  })
  it('is told apart once its slot is no longer kept', () => {
    expect(stateFor({ status: 'pending', classStatus: 'cancelled' })).toBe('released')
    expect(stateFor({ status: 'rejected', classStatus: 'cancelled' })).toBe('rejected')
  })
  it('is told apart once money is on its way: nobody should be asked to pay again', () => {
    expect(stateFor({ status: 'pending', classStatus: 'pending', money: 'in-process' })).toBe('in-process')
    expect(stateFor({ status: 'rejected', classStatus: 'pending', money: 'in-review' })).toBe('in-review')
    expect(stateFor({ status: 'pending', classStatus: 'cancelled', money: 'in-process' })).toBe('released')
    expect(stateFor({ status: 'pending', classStatus: 'pending', money: null })).toBeNull()
  })
  it('is approved before its class is ready', () => {
    expect(stateFor({ status: 'approved', classStatus: 'pending' })).toBe('preparing')
  })
})
