import { execFile } from 'node:child_process'
import { open, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MINUTE_MS } from '../../kernel/clock.ts'

const AT_ONCE = 16

/** Everything in this folder is on the disk when it resolves. */
export async function settle(folder: string): Promise<void> {
  if (process.platform === 'linux' && (await syncFileSystem(folder))) return
  await syncEach(folder)
}

/** In one go, however many files there are. Node itself cannot ask for that. False: nobody here can. */
function syncFileSystem(folder: string): Promise<boolean> {
  return new Promise((done) => {
    execFile('sync', ['-f', resolve(folder)], { timeout: MINUTE_MS }, (error) => done(error === null))
  })
}

/** One by one. */
export async function syncEach(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = [
    folder,
    ...found.filter((entry) => entry.isFile() || entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)),
  ]
  const next = paths.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const path of next) await syncPath(path)
    }),
  )
}

/** A file, or which names a folder has. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
