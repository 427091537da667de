import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const LIMIT_MS = 180_000

/** Compiles `src/web/styles.css` with Tailwind, which looks for class names in `src/web` only. Returns the minified style sheet. */
export async function compileStyles(root) {
  const folder = await mkdtemp(join(tmpdir(), 'styles-'))
  try {
    const output = join(folder, 'styles.css')
    const web = join(root, 'src', 'web')
    await runTailwind(root, ['--cwd', web, '--input', join(web, 'styles.css'), '--output', output, '--minify'])
    return await readFile(output, 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runTailwind(root, args) {
  return new Promise((resolve, reject) => {
    const cli = join(root, 'node_modules', '@tailwindcss', 'cli', 'dist', 'index.mjs')
    const child = spawn(process.execPath, [cli, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
    let output = ''
    const keep = (chunk) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`Tailwind ended with ${signal ?? code}\n${output.trim()}`))
    })
  })
}
