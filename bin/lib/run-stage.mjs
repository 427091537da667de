import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { countReport } from './vitest-report.mjs'

const REPORTS = '.cache/test'
const END_LIMIT_MS = 10_000

/**
 * Runs one stage and shows its output as it comes.
 *
 * @param {string} root
 * @param {(typeof import('./stages.mjs').STAGES)[number]} stage
 * @param {number} limitMs after which it is ended and counts as failed
 * @returns {Promise<{ passed: number, failed: number, files: string[], notes: string[] }>}
 */
export async function runStage(root, stage, limitMs) {
  if (limitMs <= 0) return { passed: 0, failed: 1, files: [], notes: ['not run: no time left'] }
  if (stage.command) {
    const ending = await run(root, stage.command, limitMs)
    return { passed: ending.ok ? 1 : 0, failed: ending.ok ? 0 : 1, files: [], notes: ending.notes }
  }
  const report = join(root, REPORTS, `${stage.name}.json`)
  mkdirSync(join(root, REPORTS), { recursive: true })
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ending = await run(root, ['vitest', 'run', '--project', stage.project, '--allowOnly=false', ...reporters], limitMs)
  const counted = countReport(report, ending.ok)
  return { ...counted, notes: [...ending.notes, ...counted.notes] }
}

/** Ends what is running now with everything it started. */
export let endRunning = () => {}

function run(root, [command, ...args], limitMs) {
  return new Promise((resolve) => {
    // A group of its own, so that a stage that hangs is ended together with its workers.
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    const notes = []
    const signal = (name) => {
      try {
        process.kill(-child.pid, name)
      } catch (error) {
        if (error.code !== 'ESRCH') throw error
      }
    }
    endRunning = () => signal('SIGTERM')
    let kill
    const limit = setTimeout(() => {
      notes.push(`ended after ${Math.round(limitMs / 1_000)} s, its limit`)
      signal('SIGTERM')
      kill = setTimeout(() => signal('SIGKILL'), END_LIMIT_MS)
    }, limitMs)
    const finish = (ok) => {
      clearTimeout(limit)
      clearTimeout(kill)
      endRunning = () => {}
      resolve({ ok: ok && notes.length === 0, notes })
    }
    child.on('error', (error) => {
      notes.push(`${command} could not be run: ${error.message}`)
      finish(false)
    })
    child.on('close', (code) => finish(code === 0))
  })
}
