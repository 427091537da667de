// Runs everything that proves the product, stage by stage, and ends with one line: "N passed, N failed".
//   npm test                   all stages
//   npm test -- unit race      only these (see lib/stages.mjs)
//   npm run check              the static ones
import { globSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endRunning, runStage } from './lib/run-stage.mjs'
import { STAGES } from './lib/stages.mjs'

const TOTAL_MINUTES_MAX = 75
const MINUTE_MS = 60_000
const TEST_FILES = '{src,sandbox,test,bin}/**/*.{test,spec}.{ts,tsx,mjs}'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line) => process.stdout.write(`${line}\n`)

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    endRunning()
    process.exit(code)
  })
}

const stages = chosenStages(process.argv.slice(2))
const results = []
const started = Date.now()
for (const stage of stages) results.push(await runAndReport(stage))
if (stages === STAGES) reportStrayFiles()
conclude()

function chosenStages(names) {
  if (names.length === 0) return STAGES
  if (names[0] === '--static') return STAGES.filter((stage) => stage.isStatic)
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`Unknown stage: ${unknown.join(', ')}. There are: ${STAGES.map((stage) => stage.name).join(', ')}\n`)
    process.exit(2)
  }
  return STAGES.filter((stage) => names.includes(stage.name))
}

async function runAndReport(stage) {
  say(`\n── ${stage.name} · ${stage.title}`)
  const begun = Date.now()
  const left = started + TOTAL_MINUTES_MAX * MINUTE_MS - begun
  const result = await runStage(root, stage, Math.min(stage.minutesMax * MINUTE_MS, left))
  return { ...result, name: stage.name, seconds: (Date.now() - begun) / 1_000 }
}

/** A test file that belongs to no project would never run. */
function reportStrayFiles() {
  const ran = new Set(results.flatMap((result) => result.files.map((file) => relative(root, file))))
  const stray = globSync(TEST_FILES, { cwd: root }).filter((file) => !ran.has(file))
  results.push({
    name: 'no test left out',
    passed: stray.length === 0 ? 1 : 0,
    failed: stray.length,
    notes: stray.map((file) => `${file} ran in no stage`),
    seconds: 0,
  })
}

function conclude() {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  say('\n── summary')
  for (const { name, passed, failed, seconds } of results) {
    say(
      `   ${failed > 0 ? 'FAILED' : 'ok    '} ${name.padEnd(18)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
    )
  }
  say(`   ${sum('seconds').toFixed(1)} s in all\n`)
  // Once more and last, so that whoever sees only the end of a long output knows what to look for.
  for (const { name, notes } of results) for (const note of notes) say(`   ${name}: ${note}`)
  say(`${sum('passed')} passed, ${sum('failed')} failed`)
  process.exitCode = sum('failed') > 0 ? 1 : 0
}
