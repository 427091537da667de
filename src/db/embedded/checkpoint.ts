import type { EmbeddedConnection } from './pool.ts'

/** So much of the log is read again after a kill at most, about 150 ms of work; and nothing older is kept on the disk. */
const LOG_BYTES_MAX = 16 * 1024 * 1024
const LOOK_EVERY_MS = 10_000

/**
 * Writes down what is only in the log yet when the log has grown long. A server has a process for that; the embedded database has none, and its
 * log would grow until it is closed, with the time of a start after a kill.
 */
export async function checkpointWhenDue(connection: EmbeddedConnection): Promise<boolean> {
  const result = await connection.query(
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > ${LOG_BYTES_MAX} AS due FROM pg_control_checkpoint()`,
  )
  const [row] = ([result].flat()[0]?.rows ?? []) as { due: boolean }[]
  if (!row?.due) return false
  await connection.query('CHECKPOINT')
  return true
}

/** Looks again and again, until what it returns is called and resolves. `isDiskLow`: then nothing is written that need not be. */
export function keepLogShort(connection: EmbeddedConnection, isDiskLow: () => boolean): () => Promise<void> {
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    if (isDiskLow()) return
    // What cannot be done now is tried again with the next look.
    looking = looking.then(() => checkpointWhenDue(connection)).then(ignore, ignore)
  }, LOOK_EVERY_MS).unref()
  return async () => {
    clearInterval(timer)
    await looking
  }
}

const ignore = () => {}
