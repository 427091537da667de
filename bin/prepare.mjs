// Runs before `npm start` and `npm test`. It must work on any Node from 20.19 on and with nothing installed yet.
//   --dev       development packages too
//   --no-build  only install
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './lib/install.mjs'
import { hasDevPackages, installProblems, runtimePath } from './lib/packages.mjs'
import { isBuilt } from './lib/stamp.mjs'
import { inTurn } from './lib/turn.mjs'

/** As long as packages take on a slow line. */
const TURN_LIMIT_MS = 10 * 60_000

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dev = process.argv.includes('--dev')
const say = (line) => process.stdout.write(`${line}\n`)

try {
  await inTurn(join(root, '.cache', 'preparing'), TURN_LIMIT_MS, prepare)
} catch (error) {
  process.stderr.write(`\n${error.message}\n`)
  if (process.env.npm_lifecycle_event === 'pretest') say('0 passed, 1 failed')
  process.exitCode = 1
}

async function prepare() {
  const problems = installProblems(root, { dev })
  if (problems.length > 0) {
    say(`Installing packages (${problems[0]}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''})`)
    await install(root, { dev: dev || hasDevPackages(root), say })
  }
  if (!process.argv.includes('--no-build') && !isBuilt(root)) await build()
}

function build() {
  return new Promise((resolve, reject) => {
    const child = spawn(runtimePath(root), [join(root, 'bin', 'build.mjs')], { cwd: root, stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error('The build failed.'))))
  })
}
