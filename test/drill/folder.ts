import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a killed process was writing may appear once more while it is removed. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }

/** A new folder for temporary files. However this process ends, short of `kill -9`, it is gone afterwards. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'hablainglesya-drill-'))
  const removeNow = () => rmSync(path, REMOVAL)
  process.once('exit', removeNow)
  return {
    path,
    async remove() {
      await rm(path, REMOVAL)
      process.off('exit', removeNow)
    },
  }
}
