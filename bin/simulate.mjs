// Plays histories of the product from seeds (docs/reliability.md):
//   npm run simulate -- --histories 20000     that many, in two processes
//   npm run simulate -- --seed 42             one, with everything that happened
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireNode } from './lib/needs-node.mjs'

requireNode('"npm run simulate"')
const { buildProgram } = await import('../test/simulation/program.ts')

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const program = await buildProgram(root)
const run = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exitCode = run.status ?? 1
