import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Makes one program of the simulation: it begins sooner and runs faster than piece by piece in the test runner. Where it lies. */
export async function buildProgram(root: string): Promise<string> {
  const program = join(root, '.cache', 'simulate.mjs')
  await mkdir(join(root, '.cache'), { recursive: true })
  await build({
    entryPoints: [join(root, 'test/simulation/cli.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    packages: 'external',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    logLevel: 'error',
  })
  return program
}
