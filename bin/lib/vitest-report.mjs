import { readFileSync } from 'node:fs'

const REASON_LENGTH_MAX = 400

/**
 * Counts a Vitest run from its JSON report. A test that was skipped, a file that could not be loaded and a run without any test
 * count as failures: silence proves nothing.
 *
 * @param {string} path the report; it does not exist when Vitest died
 * @param {boolean} exitedWell
 * @returns {{ passed: number, failed: number, files: string[], notes: string[] }} `notes` say what failed, one line each
 */
export function countReport(path, exitedWell) {
  const report = readReport(path)
  if (report === null) return { passed: 0, failed: 1, files: [], notes: ['the run ended without a report'] }
  const counted = { passed: 0, failed: 0, files: report.testResults.map((file) => file.name), notes: [] }
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counted.passed++
      else counted.failed++
      if (test.status === 'failed') counted.notes.push(`failed: ${test.fullName} (${file.name})${reasonOf(test)}`)
      else if (test.status !== 'passed') counted.notes.push(`did not run: ${test.fullName} (${file.name})`)
    }
    const failedTests = file.assertionResults.filter((test) => test.status === 'failed').length
    if (file.status === 'failed' && failedTests === 0) {
      counted.failed++
      counted.notes.push(`failed outside its tests: ${file.name}`)
    }
  }
  if (counted.passed + counted.failed === 0) {
    counted.failed = 1
    counted.notes.push('no test ran')
  } else if (!exitedWell && counted.failed === 0) {
    counted.failed = 1
    counted.notes.push('every test passed but the run ended badly')
  }
  return counted
}

function reasonOf(test) {
  const [line = ''] = (test.failureMessages?.[0] ?? '').split('\n')
  return line ? `: ${line.slice(0, REASON_LENGTH_MAX)}` : ''
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
