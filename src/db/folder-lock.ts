import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Somebody else works on the folder. The message is for the person who started us. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError'
}

/**
 * Makes this process the only one that works on a folder, until `release` or its end, however it ends. The operating system keeps the lock:
 * SQLite takes it on a file of its own, because Node itself offers no file locks. Nothing is left behind that could be taken for a living
 * owner. Throws `FolderInUseError`.
 */
export async function lockFolder(directory: string): Promise<{ release(): Promise<void> }> {
  await mkdir(directory, { recursive: true })
  const owner = join(directory, 'server.pid')
  const lock = new DatabaseSync(join(directory, 'server.lock'))
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error
    const pid = await readFile(owner, 'utf8').catch(() => '')
    throw new FolderInUseError(`La carpeta ${directory} ya está en uso por ${/^\d+$/.test(pid) ? `el proceso ${pid}` : 'otro proceso'}.`)
  }
  // Only to name us to whoever comes second.
  await writeFile(owner, String(process.pid))
  return {
    async release() {
      await rm(owner, { force: true })
      lock.close()
    },
  }
}

const SQLITE_BUSY = 5
