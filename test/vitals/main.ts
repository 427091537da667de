import { parseArgs } from 'node:util'
import { startProduct } from '../e2e/product.ts'
import { launchBrowser } from '../support/browser.ts'
import { firstVisitBytes, prepareStudent, STOPS, visitAll } from './journey.ts'
import { SLOW, type Vitals } from './measure.ts'

/**
 * `npm run vitals`: how the product feels on a cheap phone with a weak link. Starts the built product with its sandboxes, opens each page as a
 * first visit in real Chromium, several rounds one after the other, and prints medians with their range beside the targets. Exit code 1 when a
 * target is missed. Measure on an idle machine.
 */
const TARGET = { lcpMs: 1_800, inpMs: 100, cls: 0.02, scriptBytes: 40_000, firstVisitBytes: 150_000 } as const
const ROUNDS_MAX = 50

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '5' } } })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX) {
    process.stderr.write(`--rounds: a whole number from 1 to ${ROUNDS_MAX}\n`)
    return 2
  }
  const [product, browser] = await Promise.all([startProduct(), launchBrowser()])
  try {
    await prepareStudent(product, browser)
    const visits: Map<string, Vitals>[] = []
    for (let round = 1; round <= rounds; round++) {
      process.stderr.write(`  round ${round} of ${rounds}\n`)
      visits.push(await visitAll(product, browser, true))
    }
    return report(visits, await firstVisitBytes(product, browser))
  } finally {
    await browser.close()
    await product.dispose()
  }
}

function report(visits: readonly Map<string, Vitals>[], bytes: number): number {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(`\n${SLOW.latencyMs} ms round trip, 1.6 Mbit/s, ${SLOW.cpuSlowdown}x slower CPU, 360 px, nothing in the cache; median (min–max)\n`)
  say(
    `${'page'.padEnd(12)}${'LCP ms'.padEnd(22)}${'INP ms'.padEnd(20)}${'CLS'.padEnd(10)}${'requests'.padEnd(10)}${'kB'.padEnd(8)}script kB`,
  )
  let missed = 0
  for (const { name } of STOPS) {
    const each = visits.flatMap((round) => round.get(name) ?? [])
    const lcp = spread(each.map((visit) => visit.lcpMs))
    const inp = spread(each.flatMap((visit) => visit.inpMs ?? []))
    const cls = Math.max(...each.map((visit) => visit.cls))
    const last = each.at(-1)
    if (lcp.median > TARGET.lcpMs || inp.median > TARGET.inpMs || cls > TARGET.cls || (last?.scriptBytes ?? 0) > TARGET.scriptBytes)
      missed++
    say(
      `${name.padEnd(12)}${lcp.text.padEnd(22)}${inp.text.padEnd(20)}${cls.toFixed(3).padEnd(10)}${String(last?.requests ?? 0).padEnd(10)}` +
        `${kilobytes(last?.transferredBytes).padEnd(8)}${kilobytes(last?.scriptBytes)}`,
    )
  }
  if (bytes > TARGET.firstVisitBytes) missed++
  say(`\ntargets     LCP ${TARGET.lcpMs}, INP ${TARGET.inpMs}, CLS ${TARGET.cls}, script ${kilobytes(TARGET.scriptBytes)} kB`)
  say(`landing and Mis Clases on a first visit: ${kilobytes(bytes)} kB (target ${kilobytes(TARGET.firstVisitBytes)})`)
  say(missed === 0 ? 'every target is met' : `${missed} missed`)
  return missed === 0 ? 0 : 1
}

function spread(values: readonly number[]): { median: number; text: string } {
  const sorted = [...values].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return { median, text: sorted.length === 0 ? '-' : `${median.toFixed(0)} (${sorted[0]?.toFixed(0)}–${sorted.at(-1)?.toFixed(0)})` }
}

function kilobytes(bytes = 0): string {
  return (bytes / 1_000).toFixed(1)
}

process.exitCode = await main(process.argv.slice(2))
