import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { takeCores } from './cores.ts'
import { type Figure, isMet, ratio, spread } from './figures.ts'
import { type Options, type PartName, parseOptions, USAGE } from './options.ts'
import { contention } from './parts/contention.ts'
import { growth } from './parts/growth.ts'
import { holds } from './parts/holds.ts'
import { joins } from './parts/joins.ts'
import { pages } from './parts/pages.ts'
import { processes } from './parts/processes.ts'
import { starts } from './parts/starts.ts'
import { webhooks } from './parts/webhooks.ts'
import { hasPgbench } from './pgbench.ts'
import { openStage, type Stage } from './stage.ts'
import { loadWords, markdownLines, tableLines } from './table.ts'

const RUN: Record<PartName, (stage: Stage) => Promise<Figure[]>> = { holds, contention, joins, webhooks, pages, processes, growth, starts }
const RESULTS = '.cache/bench'

/** `npm run bench`: see README.md. Exit code 0 when everything was measured, whatever the figures are; 1 when something could not be. */
async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return say(USAGE)
  const options = parsed(args)
  if (!options) return
  const cores = takeCores()
  const began = new Date()
  const before = loadavg()
  say(`Bench: ${options.parts.join(', ')}; ${options.rounds} rounds of ${options.seconds} s; ${loadWords(before)}`)
  if (!cores) say('Server and load share what there is: this machine cannot keep them on cores of their own, and ratios come out too low.')
  if (!hasPgbench()) say('pgbench is not here (Debian: apt-get install postgresql-contrib): holds are measured without their limit.')
  const figures: Figure[] = []
  const failures: string[] = []
  for (const part of options.parts) {
    const stage = openStage(options, cores, (text) => say(`   ${elapsed(began)}  ${part}: ${text}`))
    const stop = () => void stage.close().finally(() => process.exit(1))
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
    try {
      figures.push(...(await RUN[part](stage)))
    } catch (error) {
      failures.push(`${part}: ${(error as Error).message}`)
      say(`   ${part} could not be measured: ${(error as Error).stack}`)
    } finally {
      await stage.close()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    }
  }
  for (const line of tableLines(figures)) say(line)
  await keep(options, began, before, figures)
  const missed = figures.filter((figure) => isMet(figure) === false)
  say(`\n${figures.length} figures in ${elapsed(began).trim()}; ${missed.length} targets missed`)
  for (const failure of failures) say(`NOT MEASURED: ${failure}`)
  process.exitCode = failures.length > 0 ? 1 : 0
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

/** The figures for programs, and the table for `docs/performance.md`. */
async function keep(options: Options, began: Date, loadBefore: readonly number[], figures: readonly Figure[]): Promise<void> {
  const [cpu] = cpus()
  const load = { before: loadBefore, after: loadavg() }
  const machine = { cores: cpus().length, cpu: cpu?.model ?? '', node: process.version, load }
  const conditions = `${machine.cores} × ${machine.cpu}, Node ${machine.node}; before: ${loadWords(load.before)}; after: ${loadWords(load.after)}`
  const measured = figures.map((figure) => ({ ...figure, ...spread(figure.values), ratio: ratio(figure), met: isMet(figure) }))
  await mkdir(RESULTS, { recursive: true })
  const name = `${RESULTS}/${began.toISOString().replaceAll(':', '').slice(0, 15)}`
  await writeFile(`${name}.json`, `${JSON.stringify({ began, machine, options, figures: measured }, null, 2)}\n`)
  await writeFile(`${name}.md`, `${[`Conditions: ${conditions}`, ...markdownLines(figures)].join('\n')}\n`)
  say(`\nKept in ${name}.json and .md (${conditions})`)
}

function elapsed(since: Date): string {
  return `${((Date.now() - since.getTime()) / 1_000).toFixed(0).padStart(4)} s`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`The bench failed: ${error.message}\n`)
  process.exitCode = 1
})
