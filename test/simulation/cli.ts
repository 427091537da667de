import { databaseTemplate } from '../support/template.ts'
import { openPopulated } from './campaign.ts'
import { historyOf } from './history/generate.ts'
import { type Options, parseOptions, USAGE } from './options.ts'
import { runHistory } from './run.ts'
import { goneAnotherWay, playInWorkers, playShare, type Wanted } from './workers.ts'

const root = process.cwd()

/**
 * `--histories N` plays N histories from seed `--from` on, in `--workers` processes; `--seed N` plays one and prints what happened.
 * Exit code 1 when a history breaks a rule, or when fewer ran than were asked for; 2 when it was asked for something it does not know.
 */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return say(USAGE)
  const options = parsed(args)
  if (!options) return
  if (options.seed !== null) await replay(options.seed, options.quiet)
  else if (options.worker === null) await playAll(options.wanted)
  else await playShare(root, options.worker, options.wanted)
}

function parsed(args: readonly string[]): Options | null {
  try {
    return parseOptions(args)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`)
    process.exitCode = 2
    return null
  }
}

async function replay(seed: number, quiet: boolean): Promise<void> {
  const sim = await openPopulated(root)
  const result = await runHistory(sim, historyOf(seed))
  await sim.close()
  say(JSON.stringify(result.history, null, 1))
  if (!quiet) for (const line of result.trace) say(line)
  say(`seed ${seed}: ${result.steps} steps, trace ${result.traceFingerprint}`)
  for (const violation of result.violations) say(`VIOLATION ${violation}`)
  say(result.violations.length === 0 ? 'nothing went wrong' : `${result.violations.length} violations`)
  process.exit(result.violations.length === 0 ? 0 : 1)
}

async function playAll(wanted: Wanted): Promise<void> {
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

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main(process.argv.slice(2))
