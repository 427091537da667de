import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** Bundles a TSX module so that Node can import it. */
export async function bundlePages(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
  })
}

/** Script, style sheet, font and icons under their logical names. */
export async function buildAssets(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: ['src/web/client/main.ts'],
    outfile: join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
  })
  await run('tailwindcss', ['-i', 'src/web/styles.css', '-o', join(folder, 'styles.css'), '--minify'])
  const figtree = dirname(require.resolve('@fontsource-variable/figtree/package.json'))
  await copyFile(join(figtree, 'files/figtree-latin-wght-normal.woff2'), join(folder, 'figtree.woff2'))
  for (const name of await readdir('src/web/public')) await copyFile(join('src/web/public', name), join(folder, name))
}
