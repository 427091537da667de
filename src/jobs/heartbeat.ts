import { writeFile } from 'node:fs/promises'
import { SECOND_MS } from '../kernel/clock.ts'

/** Its name in the data folder. */
export const WORKER_ALIVE = 'worker.alive'
const BEAT_EVERY_MS = 5 * SECOND_MS

/**
 * A file that is written anew while work goes on, for whoever asks a process that listens on no port how it is: the health check of the `Dockerfile`
 * takes it for ill when the file is older than 30 seconds. `now`: milliseconds of this machine.
 */
export function createHeartbeat(path: string, now: () => number = () => performance.now()): () => Promise<void> {
  let beatAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (now() - beatAt < BEAT_EVERY_MS) return
    beatAt = now()
    await writeFile(path, `${process.pid}\n`)
  }
}
