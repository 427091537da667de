import { statfs } from 'node:fs/promises'

/** The embedded database stops for good, with the whole process, when it cannot make its next 16 MB of log: there must always be room for some. */
const FREE_BYTES_MIN = 64 * 1024 * 1024
const LOOK_EVERY_MS = 2_000

class DiskFullError extends Error {
  override name = 'DiskFullError'
}

export interface DiskSpace {
  /** Too little is left to write anything more. */
  isLow(): boolean
  close(): void
}

/** Watches the disk that a folder is on. Throws `DiskFullError` when it is too full to begin with. `look`: free bytes, for tests. */
export async function watchDiskSpace(directory: string, look: () => Promise<number> = () => freeBytes(directory)): Promise<DiskSpace> {
  let isLow = (await look()) < FREE_BYTES_MIN
  if (isLow) throw new DiskFullError(`Quedan menos de 64 MB libres en el disco de ${directory}. Liberá espacio y volvé a iniciar.`)
  const timer = setInterval(() => {
    look().then(
      (free) => {
        isLow = free < FREE_BYTES_MIN
      },
      () => {},
    )
  }, LOOK_EVERY_MS)
  timer.unref()
  return { isLow: () => isLow, close: () => clearInterval(timer) }
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}
