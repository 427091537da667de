import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of the installed packages: those that the product runs with, and all. */
export async function installedBytes(): Promise<{ production: number; all: number }> {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  let production = 0
  let all = 0
  for (const [path, { dev, devOptional }] of Object.entries(lock.packages)) {
    if (path === '') continue
    const bytes = await folderBytes(path)
    all += bytes
    if (!dev && !devOptional) production += bytes
  }
  return { production, all }
}

/** Without packages inside packages, which are counted by themselves. Zero where there is none: not every package is for every machine. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries) {
    if (entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await folderBytes(path)
    else if (entry.isFile()) bytes += (await stat(path)).size
  }
  return bytes
}
