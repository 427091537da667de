import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { programOf } from './program.ts'

describe('how the program is started', () => {
  it('every process has the same limits of memory, also in a container', () => {
    const start = programOf('start')
    expect(start.filter((word) => word.startsWith('--max-'))).toHaveLength(2)
    expect(programOf('start:web')).toEqual(start)
    expect(programOf('start:worker')).toEqual(start)
    const [, command = '[]'] = /^CMD (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? []
    expect(JSON.parse(command)).toEqual(['node', ...start])
  })
})
