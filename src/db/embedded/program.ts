import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

let compiling: Promise<WebAssembly.Module> | null = null

/**
 * The embedded database's program, compiled by threads in the background. Whoever will need it soon says so first and goes on with something else;
 * this file needs nothing else, so that it can be the first to be read.
 */
export function compileProgram(): Promise<WebAssembly.Module> {
  compiling ??= compile()
  return compiling
}

async function compile(): Promise<WebAssembly.Module> {
  const { resolve } = createRequire(import.meta.url)
  return WebAssembly.compile(await readFile(join(dirname(resolve('@electric-sql/pglite')), 'pglite.wasm')))
}
