import { describe, expect, it } from 'vitest'
import { lostSeats, shapeOf } from './my-classes.ts'

const row = {
  id: 'c1',
  rol: 'participante',
  status: 'scheduled',
  startTime: '2026-11-26T21:00:00Z',
  activityId: null as string | null,
  currentParticipants: 1,
  maxParticipants: 3,
}
const shape = (...rows: (typeof row)[]) => shapeOf({ response: rows, preparing: 0 })

describe('when the list has to be drawn again', () => {
  it('is not for a guest who joined', () => expect(shape({ ...row, currentParticipants: 2 })).toBe(shape(row)))
  it('is for a class that moved, was cancelled, ended, appeared or got its activity', () => {
    const changed = [
      shape({ ...row, startTime: '2026-11-27T21:00:00Z' }),
      shape({ ...row, status: 'cancelled' }),
      shape({ ...row, activityId: 'a1' }),
      shape(),
      shape(row, { ...row, id: 'c2' }),
    ]
    for (const each of changed) expect(each).not.toBe(shape(row))
  })
  it('is for a payment whose class got ready', () => expect(shapeOf({ response: [], preparing: 1 })).not.toBe(shape()))
})

describe('what a guest is told when a class leaves the list', () => {
  const before = Date.parse(row.startTime) - 1
  it('is that the seat was released', () => expect(lostSeats([row], [], before)).toEqual([row]))
  it('is nothing while it is there, cancelled or not', () => {
    expect(lostSeats([row], [row], before)).toEqual([])
    expect(lostSeats([row], [{ ...row, status: 'cancelled' }], before)).toEqual([])
  })
  it('is nothing to its host, nor once it has begun', () => {
    expect(lostSeats([{ ...row, rol: 'anfitrion' }], [], before)).toEqual([])
    expect(lostSeats([row], [], before + 1)).toEqual([])
  })
})
