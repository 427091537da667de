import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { openPopulated, playSeeds } from './campaign.ts'
import { historyOf } from './history/generate.ts'
import { runHistory } from './run.ts'

/**
 * `--histories N` plays N histories from seed `--from` on, in `--workers` processes; `--seed N` plays one and prints what happened.
 * Fails when a history breaks a rule, or when fewer ran than were asked for.
 */
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '600' },
    seed: { type: 'string' },
    worker: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)
const root = process.cwd()
const histories = Number(values.histories)
const workers = Number(values.workers)
const first = Number(values.from)

if (values.seed !== undefined) await replay(Number(values.seed))
else if (values.worker === undefined) await playAll()
else await playShare(Number(values.worker))

async function replay(seed: number): Promise<void> {
  const sim = await openPopulated(root)
  const result = await runHistory(sim, historyOf(seed))
  await sim.close()
  say(JSON.stringify(result.history, null, 1))
  if (!values.quiet) for (const line of result.trace) say(line)
  say(`seed ${seed}: ${result.steps} steps, trace ${result.traceFingerprint}`)
  for (const violation of result.violations) say(`VIOLATION ${violation}`)
  say(result.violations.length === 0 ? 'nothing went wrong' : `${result.violations.length} violations`)
  process.exit(result.violations.length === 0 ? 0 : 1)
}

/** Every `workers`-th seed. */
async function playShare(worker: number): Promise<void> {
  const seeds = Array.from({ length: histories }, (_, index) => first + index).filter((seed) => seed % workers === worker)
  const done = await playSeeds({ root, seeds, budgetMs: Number(values.minutes) * 60_000, say: (line) => say(`[${worker}] ${line}`) })
  const known = [...done.known].map(([name, found]) => [name, found.length] as const)
  await new Promise((resolve) => process.send?.({ ran: done.ran, steps: done.steps, failures: done.failures.length, known }, resolve))
  process.exit(0)
}

interface Share {
  ran: number
  steps: number
  failures: number
  known: [string, number][]
}

async function playAll(): Promise<void> {
  const begun = performance.now()
  say(`${histories} histories, seeds ${first} to ${first + histories - 1}, ${workers} workers`)
  const shares = await Promise.all(Array.from({ length: workers }, (_, worker) => startWorker(worker)))
  const sum = (key: 'ran' | 'steps' | 'failures') => shares.reduce((total, share) => total + share[key], 0)
  for (const [name, count] of shares.flatMap(({ known }) => known)) say(`known: ${name}: ${count} times`)
  const ran = sum('ran')
  say(
    `${ran} of ${histories} histories ran, ${sum('steps')} steps, ${Math.round((performance.now() - begun) / 1_000)} s, ${sum('failures')} failed`,
  )
  process.exitCode = sum('failures') > 0 || ran < histories ? 1 : 0
}

function startWorker(worker: number): Promise<Share> {
  return new Promise((resolve) => {
    const child = fork(process.argv[1] ?? '', [...process.argv.slice(2), '--worker', String(worker)])
    let share: Share = { ran: 0, steps: 0, failures: 1, known: [] }
    child.on('message', (message) => {
      share = message as Share
    })
    child.on('exit', () => resolve(share))
  })
}
