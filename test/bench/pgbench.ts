import { spawn, spawnSync } from 'node:child_process'
import type { Cores } from './cores.ts'

/** Whether pgbench is here. Debian has it in `postgresql-contrib`. */
export function hasPgbench(): boolean {
  return spawnSync('pgbench', ['--version']).status === 0
}

const STOP_AFTER_SECONDS = 30

/** Transactions per second of a script with that many clients; pgbench stands where the product's process would. Throws with what it said. */
export async function pgbench(url: string, script: string, clients: number, seconds: number, cores: Cores | null): Promise<number> {
  const given = [
    '--no-vacuum',
    '--protocol=prepared',
    `--client=${clients}`,
    '--jobs=1',
    `--time=${Math.ceil(seconds)}`,
    `--file=${script}`,
    url,
  ]
  const [command = '', ...args] = cores ? ['taskset', '--cpu-list', String(cores.server), 'pgbench', ...given] : ['pgbench', ...given]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: (seconds + STOP_AFTER_SECONDS) * 1_000 })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()))
  await new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()))
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(said)?.[1])
  if (!perSecond || /aborted|error/i.test(said)) throw new Error(`pgbench: ${said.slice(0, 2_000)}`)
  return perSecond
}
