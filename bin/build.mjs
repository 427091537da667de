// Builds the product into `dist/`: server bundle, migrations, browser bundle, style sheet, font and public files.
// It writes beside the old one and swaps at the end, so that a failed build leaves the last good one in place.
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import { compressFiles, filesBelow, pointToHashedNames, publishFile } from './lib/public-files.mjs'
import { inputsHash, writeStamp } from './lib/stamp.mjs'
import { compileStyles } from './lib/styles.mjs'

const SCRIPT_GZIP_BYTES_MAX = 40_000
const KEPT_BY_WORKER = ['main.js', 'styles.css', 'figtree.woff2', 'icon.svg']
const FONT = { name: 'figtree.woff2', path: 'node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2' }
/**
 * Packages that do not become part of the server bundle: thousands of small files take longer to find than to run. These have files of their own
 * beside their code, or are not there.
 */
const LEFT_OUT = ['@electric-sql/pglite', 'pg-native']
/** Some of the others are older than modules and ask for what Node brings in the old way. */
const REQUIRE = "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const out = join(root, 'dist-next')
const publicOut = join(out, 'public')

try {
  await build()
} catch (error) {
  // esbuild has already shown where it went wrong.
  if (error.errors === undefined) process.stderr.write(`${error.message}\n`)
  await rm(out, { recursive: true, force: true })
  process.exitCode = 1
}

async function build() {
  const started = performance.now()
  // Taken first: a file that changes during the build makes the next start build again.
  const hash = inputsHash(root)
  await rm(out, { recursive: true, force: true })
  await mkdir(publicOut, { recursive: true })
  const [client, styles, files] = await Promise.all([bundleClient(), compileStyles(root), publishFiles(), bundleServer(), copyMigrations()])
  const manifest = { ...files, 'main.js': client.name }
  manifest['styles.css'] = await publishFile(publicOut, 'styles.css', pointToHashedNames(styles, manifest))
  await writeFile(join(publicOut, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await bundleWorker(manifest, hash)
  await compressFiles(publicOut, Object.values(manifest))
  writeStamp(out, hash)
  await swap()
  const seconds = ((performance.now() - started) / 1_000).toFixed(1)
  const sizes = `browser script ${kilobytes(client.gzipBytes)}, style sheet ${kilobytes(gzipSync(styles).length)} gzip`
  process.stdout.write(`Built in ${seconds} s (${sizes})\n`)
}

/** `main.js` and its chunks lie flat in `dist/`, so that `import.meta.url` is beside `migrations` and `public` in every one of them. */
async function bundleServer() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [{ in: 'src/start.ts', out: 'main' }],
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    external: LEFT_OUT,
    banner: { js: REQUIRE },
    sourcemap: true,
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    chunkNames: '[name]-[hash]',
    logLevel: 'warning',
  })
}

/** One script that needs nothing else. A classic script and a module at once: it has neither imports nor exports. */
async function bundleClient() {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [{ in: 'src/web/client/main.ts', out: 'main' }],
    outdir: publicOut,
    entryNames: '[name].[hash]',
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    minify: true,
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  })
  const path = Object.keys(metafile.outputs).find((output) => output.endsWith('.js'))
  const gzipBytes = gzipSync(await readFile(join(root, path))).length
  if (gzipBytes > SCRIPT_GZIP_BYTES_MAX)
    throw new Error(`The browser script has ${gzipBytes} bytes (gzip), more than ${SCRIPT_GZIP_BYTES_MAX}.`)
  return { name: basename(path), gzipBytes }
}

/**
 * The service worker keeps what every page needs, and the page for lost connections. Its version names those files and everything the
 * build was made of: other files, or other words on that page, are another worker.
 */
async function bundleWorker(manifest, inputs) {
  const files = KEPT_BY_WORKER.map((name) => `/assets/${manifest[name]}`)
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/web/worker/worker.ts'],
    outfile: join(publicOut, 'sw.js'),
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    minify: true,
    define: {
      FILES: JSON.stringify(files),
      VERSION: JSON.stringify(
        createHash('sha256')
          .update(JSON.stringify([files, inputs]))
          .digest('hex')
          .slice(0, 10),
      ),
    },
    logLevel: 'warning',
  })
}

/** The font and everything in `src/web/public`. Returns logical name → hashed name. */
async function publishFiles() {
  const source = join(root, 'src', 'web', 'public')
  const sources = [[FONT.name, join(root, FONT.path)], ...(await filesBelow(source)).map((name) => [name, join(source, name)])]
  const published = {}
  for (const [name, path] of sources) published[name] = await publishFile(publicOut, name, await readFile(path))
  return published
}

async function copyMigrations() {
  const from = join(root, 'src', 'db', 'migrations')
  await mkdir(join(out, 'migrations'))
  for (const name of await readdir(from)) {
    if (name.endsWith('.sql')) await cp(join(from, name), join(out, 'migrations', name))
  }
}

async function swap() {
  const dist = join(root, 'dist')
  const old = join(root, 'dist-old')
  await rm(old, { recursive: true, force: true })
  await rename(dist, old).catch((error) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(out, dist)
  await rm(old, { recursive: true, force: true })
}

function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(1)} kB`
}
