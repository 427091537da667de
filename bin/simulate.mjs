// Plays histories of the product from seeds (docs/reliability.md):
//   npm run simulate -- --histories 20000     that many, in two processes
//   npm run simulate -- --seed 42             one, with everything that happened
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const program = join(root, '.cache', 'simulate.mjs')
mkdirSync(dirname(program), { recursive: true })
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
const run = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = run.status ?? 1
