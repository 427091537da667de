import { describe, expect, it } from 'vitest'
import { nextCell } from './arrows.ts'

const cell = (row: number, column: number) => ({ row, column })
const down = { axis: 'row', by: 1 } as const
const left = { axis: 'column', by: -1 } as const

describe('arrow keys in the week', () => {
  const cells = [cell(0, 1), cell(0, 3), cell(1, 2), cell(4, 1), cell(2, 1)]

  it('step over what is taken, within the day', () => expect(nextCell(cells, cell(0, 1), down)).toEqual(cell(2, 1)))
  it('step over what is taken, within the hour', () => expect(nextCell(cells, cell(0, 3), left)).toEqual(cell(0, 1)))
  it('stay at the edge', () => {
    expect(nextCell(cells, cell(4, 1), down)).toBeUndefined()
    expect(nextCell(cells, cell(0, 1), left)).toBeUndefined()
  })
})
