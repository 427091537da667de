import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { programOf } from './program.ts'

/** The limits of memory that Node goes by: of one that is said twice the last. */
function limitsOf(words: readonly string[]): Record<string, number> {
  const said = words.filter((word) => word.startsWith('--max-')).map((word) => word.split('='))
  return Object.fromEntries(said.map(([name, value]) => [name, Number(value)]))
}

describe('how the program is started', () => {
  const env = { DATABASE_URL: 'postgresql://127.0.0.1/academy' }

  it('on a PostgreSQL server every process has the same limits of memory, also in a container', () => {
    const limits = limitsOf(programOf('start', env))
    expect(limits).toEqual({ '--max-semi-space-size': 4, '--max-old-space-size': 192 })
    expect(limitsOf(programOf('start:web', env))).toEqual(limits)
    expect(limitsOf(programOf('start:worker', env))).toEqual(limits)
    const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? []
    expect(JSON.parse(command)).toEqual(['node', ...programOf('start:web', env)])
  })

  it('with the embedded database there is more room for what is young, and none for what is old', () => {
    expect(limitsOf(programOf('start'))).toEqual({ '--max-semi-space-size': 16, '--max-old-space-size': 192 })
  })

  it('the program is the same everywhere', () => {
    const withoutLimits = (words: readonly string[]) => words.filter((word) => !word.startsWith('--max-'))
    const all = [programOf('start'), programOf('start', env), programOf('start:web', env), programOf('start:worker', env)]
    for (const words of all) expect(withoutLimits(words)).toEqual(['--import', './bin/runtime.mjs', 'dist/main.js'])
  })
})
