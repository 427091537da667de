import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'

/** Which core does what; null where the machine cannot keep them apart. */
export interface Cores {
  /** What is measured: the product, the bare server, pgbench. */
  server: number
  /** Everything else: the load, PostgreSQL, the providers. */
  rest: number
}

/**
 * Puts this process, and with it whatever it starts from now on, on the second core, so that the first one belongs to what is measured. Null, and
 * nothing is changed, where there is one core only or no `taskset`.
 */
export function takeCores(): Cores | null {
  if (availableParallelism() < 2) return null
  const cores = { server: 0, rest: 1 }
  return pin(process.pid, cores.rest) ? cores : null
}

/** Keeps a process with all its threads on one core. */
export function pin(pid: number, core: number): boolean {
  return spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)]).status === 0
}

/** Lets a process run on every core, like those of a server that has the machine to itself. */
export function spreadOut(pid: number): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', `0-${cpus().length - 1}`, String(pid)])
}
