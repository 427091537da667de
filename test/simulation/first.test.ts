import { it } from 'vitest'
import { openSimulation } from './rig/simulation.ts'
import { populate } from './history/stage.ts'
import { historyOf } from './history/generate.ts'
import { runHistory } from './run.ts'
it('first', async () => {
  const sim = await openSimulation(process.cwd())
  await populate(sim)
  const from = Number(process.env.FROM ?? 1), n = Number(process.env.N ?? 20)
  const t0 = performance.now()
  const kinds = new Map<string, number[]>()
  let steps = 0
  for (let seed = from; seed < from + n; seed++) {
    const t = performance.now()
    let r
    try { r = await runHistory(sim, historyOf(seed)) } catch (e) { console.info('seed', seed, 'THREW', e); continue }
    steps += r.steps
    if (process.env.TRACE) console.info(JSON.stringify(r.history, null, 1) + r.trace.join('\n'))
    if (process.env.TWICE) { const b = await runHistory(sim, historyOf(seed)); if (b.traceFingerprint !== r.traceFingerprint) { let i = 0; while (r.trace[i] === b.trace[i]) i++; console.info('NOT THE SAME', seed, i, r.trace.slice(i-3, i+3), b.trace.slice(i-3, i+3)) } }
    for (const v of r.violations) { const k = v.replace(/[0-9a-f]{8}-[0-9a-f-]+|\d{4,}/g, '#').slice(0, 150); kinds.set(k, [...(kinds.get(k) ?? []), seed]) }
    if (process.env.LOUD) console.info(seed, r.steps, Math.round(performance.now() - t), r.violations)
  }
  console.info('ms per history', (performance.now() - t0) / n, 'steps', steps / n)
  for (const [k, seeds] of kinds) console.info(seeds.length, k, seeds.slice(0, 6))
  await sim.close()
})
