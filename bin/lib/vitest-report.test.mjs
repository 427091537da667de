import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countReport } from './vitest-report.mjs'

const tests = (...statuses) => statuses.map((status, index) => ({ status, fullName: `test ${index}` }))

describe('counting a Vitest run', () => {
  let folder

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'report-'))
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('counts tests one by one and names the files', () => {
    const result = count([{ name: '/a.test.ts', status: 'failed', assertionResults: tests('passed', 'failed', 'passed') }], false)
    expect(result).toEqual({ passed: 2, failed: 1, files: ['/a.test.ts'], notes: ['failed: test 1 (/a.test.ts)'] })
  })

  it('says of a failure where it was and how it begins', () => {
    const assertionResults = [{ status: 'failed', fullName: 'a sum', failureMessages: ['Error: 2 is not 3\n    at sum.ts:1'] }]
    expect(count([{ name: '/a.test.ts', status: 'failed', assertionResults }], false).notes).toEqual([
      'failed: a sum (/a.test.ts): Error: 2 is not 3',
    ])
  })

  it('takes a test that did not run for a failure', () => {
    const result = count([{ name: '/a.test.ts', status: 'passed', assertionResults: tests('passed', 'skipped', 'todo', 'pending') }])
    expect(result).toMatchObject({ passed: 1, failed: 3 })
    expect(result.notes[0]).toBe('did not run: test 1 (/a.test.ts)')
  })

  it('takes a file that could not be loaded for a failure', () => {
    expect(count([{ name: '/a.test.ts', status: 'failed', assertionResults: [] }], false)).toMatchObject({ passed: 0, failed: 1 })
  })

  it('takes silence for a failure', () => {
    expect(count([])).toMatchObject({ passed: 0, failed: 1, notes: ['no test ran'] })
    expect(countReport(join(folder, 'none.json'), true)).toMatchObject({ passed: 0, failed: 1 })
  })

  it('takes a bad ending for a failure when all tests passed', () => {
    const report = [{ name: '/a.test.ts', status: 'passed', assertionResults: tests('passed') }]
    expect(count(report, false)).toMatchObject({ passed: 1, failed: 1 })
    expect(count(report, true)).toMatchObject({ passed: 1, failed: 0 })
  })

  function count(testResults, exitedWell = true) {
    const path = join(folder, 'report.json')
    writeFileSync(path, JSON.stringify({ testResults }))
    return countReport(path, exitedWell)
  }
})
