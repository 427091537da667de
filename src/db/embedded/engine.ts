import { PGlite } from '@electric-sql/pglite'

/** PGlite without its own reading of values, for which it looks up all types at each start: `pool.ts` speaks to the database itself. */
export class Engine extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}
