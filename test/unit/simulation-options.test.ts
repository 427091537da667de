import { describe, expect, it } from 'vitest'
import { parseOptions } from '../simulation/options.ts'

describe('what the simulation is asked for', () => {
  it('is a thousand histories in two processes when nothing is said', () => {
    expect(parseOptions([])).toEqual({
      wanted: { histories: 1_000, first: 1, workers: 2, minutes: 600 },
      seed: null,
      worker: null,
      quiet: false,
    })
    expect(parseOptions(['--histories', '300', '--from', '8000000', '--minutes', '0.5']).wanted).toEqual({
      histories: 300,
      first: 8_000_000,
      workers: 2,
      minutes: 0.5,
    })
    expect(parseOptions(['--seed', '4711', '--quiet'])).toMatchObject({ seed: 4_711, quiet: true })
  })

  it.each([
    ['--histories', 'abc'],
    ['--histories', '0'],
    ['--histories', '1.5'],
    ['--histories', ''],
    ['--from', 'x'],
    ['--workers', '0'],
    ['--minutes', '0'],
    ['--minutes', 'long'],
    ['--seed', 'x'],
    ['--seed', ''],
    ['--seed', '4294967296'],
  ])('is refused by name when nothing could be played: %s "%s"', (name, value) => {
    expect(() => parseOptions([name, value])).toThrow(`${name}: `)
    expect(() => parseOptions([name, value])).toThrow(`not "${value}"`)
  })

  it('is refused when there is no such thing', () => {
    expect(() => parseOptions(['--history', '5'])).toThrow('--history')
  })
})
