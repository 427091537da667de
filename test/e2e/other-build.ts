import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The same product with a script and a style sheet of its own, as the next version has. */
export interface OtherBuild {
  /** What Node is given instead of `dist/main.js`. */
  main: string
  remove(): Promise<void>
}

/** Below the root, so that packages are found. */
const FOLDER = '.cache'

export async function makeOtherBuild(): Promise<OtherBuild> {
  await mkdir(FOLDER, { recursive: true })
  const folder = await mkdtemp(join(FOLDER, 'other-build-'))
  await cp('dist', join(folder, 'dist'), { recursive: true })
  await cp('config', join(folder, 'config'), { recursive: true })
  const files = join(folder, 'dist', 'public')
  const manifest = JSON.parse(await readFile(join(files, 'manifest.json'), 'utf8')) as Record<string, string>
  for (const name of ['main.js', 'styles.css']) {
    const now = manifest[name] ?? ''
    const next = name.replace('.', '.next.')
    manifest[name] = next
    await rename(join(files, now), join(files, next))
    const worker = join(files, 'sw.js')
    await writeFile(worker, (await readFile(worker, 'utf8')).replaceAll(now, next))
  }
  await writeFile(join(files, 'manifest.json'), JSON.stringify(manifest))
  return { main: join(folder, 'dist', 'main.js'), remove: () => rm(folder, { recursive: true, force: true }) }
}
