import { spawn, spawnSync } from 'node:child_process'
import type { Cores } from './cores.ts'

/** Whether pgbench is here. Debian has it in `postgresql-contrib`. */
export function hasPgbench(): boolean {
  return spawnSync('pgbench', ['--version']).status === 0
}

const STOP_AFTER_SECONDS = 30
/** Each run is twenty new connections, which plan every statement five times before they keep a plan; those of the product are old. */
const WARM_SECONDS = 5

/**
 * Transactions per second of a script with that many clients, once their connections are warm; pgbench stands where the product's process would.
 * Throws with what it said.
 */
export async function pgbench(url: string, script: string, clients: number, seconds: number, cores: Cores | null): Promise<number> {
  const given = [
    '--no-vacuum',
    '--protocol=prepared',
    `--client=${clients}`,
    '--jobs=1',
    `--time=${WARM_SECONDS + Math.ceil(seconds)}`,
    '--progress=1',
    `--file=${script}`,
    url,
  ]
  const [command = '', ...args] = cores ? ['taskset', '--cpu-list', String(cores.server), 'pgbench', ...given] : ['pgbench', ...given]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: (WARM_SECONDS + seconds + STOP_AFTER_SECONDS) * 1_000 })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()))
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()))
  const steps = [...said.matchAll(/^progress: ([\d.]+) s, ([\d.]+) tps/gm)].filter(([, at]) => Number(at) > WARM_SECONDS + 0.5)
  const perSecond = steps.reduce((sum, [, , tps]) => sum + Number(tps), 0) / steps.length
  if (!perSecond || /aborted|error/i.test(said)) throw new Error(`pgbench: ${said.slice(0, 2_000)}`)
  return perSecond
}
