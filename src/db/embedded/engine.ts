import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'

/** PGlite without its own reading of values, for which it looks up all types at each start: `pool.ts` speaks to the database itself. */
export class Engine extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}

let compiling: Promise<WebAssembly.Module> | null = null

/**
 * PostgreSQL's program, compiled by threads in the background. Whoever will need it soon says so first and goes on with something else.
 */
export function compileProgram(): Promise<WebAssembly.Module> {
  compiling ??= compile()
  return compiling
}

async function compile(): Promise<WebAssembly.Module> {
  const { resolve } = createRequire(import.meta.url)
  return WebAssembly.compile(await readFile(join(dirname(resolve('@electric-sql/pglite')), 'pglite.wasm')))
}
