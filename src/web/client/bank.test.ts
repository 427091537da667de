import { describe, expect, it } from 'vitest'
import { usedWords, withoutWord, withWord } from './bank.ts'

describe('the words that can be pressed', () => {
  it('are written at the end of the answer', () => {
    expect(withWord('', 'What')).toBe('What')
    expect(withWord('What time ', 'do')).toBe('What time do')
  })

  it('are taken back whole, the last one first, however they were typed', () => {
    expect(withoutWord('the cat and the dog', 'the')).toBe('the cat and dog')
    expect(withoutWord('What time', 'what')).toBe('time')
    expect(withoutWord('another', 'the')).toBe('another')
  })

  it('are pressed while they stand in the answer, one for each time', () => {
    expect(usedWords(['the cat'], ['cat', 'the', 'the', 'dog'])).toEqual([true, true, false, false])
    expect(usedWords(['in', ''], ['on', 'in'])).toEqual([false, true])
  })
})
