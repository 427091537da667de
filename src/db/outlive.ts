import type pg from 'pg'

/**
 * A connection that breaks is replaced by its pool, whether it was idle or somebody was at work on it, whose statements fail by themselves. Without
 * listeners it would end the process.
 */
export function outliveBreaks(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
}
