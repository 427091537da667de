import { parseArgs } from 'node:util'
import { databaseTemplate } from '../support/template.ts'
import { openPopulated } from './campaign.ts'
import { historyOf } from './history/generate.ts'
import { runHistory } from './run.ts'
import { goneAnotherWay, playInWorkers, playShare } from './workers.ts'

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
const wanted = {
  histories: Number(values.histories),
  first: Number(values.from),
  workers: Number(values.workers),
  minutes: Number(values.minutes),
}

if (values.seed !== undefined) await replay(Number(values.seed))
else if (values.worker === undefined) await playAll()
else await playShare(root, Number(values.worker), wanted)

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

async function playAll(): Promise<void> {
  const { histories, first, workers } = wanted
  const begun = performance.now()
  say(`${histories} histories, seeds ${first} to ${first + histories - 1}, ${workers} workers`)
  // Once for all of them.
  await databaseTemplate(root)
  const shares = await playInWorkers(process.argv[1] ?? '', wanted)
  const sum = (count: (share: (typeof shares)[number]) => number) => shares.reduce((total, share) => total + count(share), 0)
  for (const [name, count] of shares.flatMap(({ known }) => known)) say(`known: ${name}: ${count} times`)
  const ran = sum((share) => share.ran)
  const another = goneAnotherWay(shares)
  for (const line of another) say(line)
  const failed = sum(({ failures }) => failures.length) + another.length
  say(
    `${ran} of ${histories} histories ran, ${sum(({ steps }) => steps)} steps, ${Math.round((performance.now() - begun) / 1_000)} s, ${failed} failed`,
  )
  process.exitCode = failed > 0 || ran < histories ? 1 : 0
}
