import { JOBS_FINISH_MS } from './jobs/queue.ts'
import { SECOND_MS } from './kernel/clock.ts'
import { FINISH_MS } from './web-server.ts'

const CLOSE_MS = 3 * SECOND_MS
/** DRAIN_SECONDS and so much later a process ends itself, whatever it waits for: longer than everything that it waits for has. */
export const STOP_MS_MAX = FINISH_MS + JOBS_FINISH_MS + CLOSE_MS

/** What a process consists of, as far as it has to be ended. */
export interface Running {
  /** Ends the queueing of timed jobs, where jobs are worked off. */
  stopWork: (() => Promise<void>) | null
  /** Where requests are answered. */
  server: { stop(drainMs: number, onClosed: () => Promise<void>): Promise<void> } | null
  jobs: { finish(): Promise<void>; stop(): Promise<void> }
  live: { close(): Promise<void> }
  sandbox: { close(): Promise<void> } | null
  db: { close(): Promise<void> }
}

/**
 * Requests, jobs and the queueing of timed ones end side by side, each in its own time: whoever asks for the health is told at once. Jobs may be queued
 * until the last request is answered. The database is closed last.
 */
export async function stopAll({ stopWork, server, jobs, live, sandbox, db }: Running, drainMs: number): Promise<void> {
  await Promise.all([
    stopWork?.(),
    // Open streams would keep their connections at work.
    server?.stop(drainMs, live.close),
    jobs.finish(),
  ])
  await live.close()
  await jobs.stop()
  await sandbox?.close()
  await db.close()
}
