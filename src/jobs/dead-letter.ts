/** Where pg-boss keeps its tables. */
export const SCHEMA = 'pgboss'
/** The queue of what failed for good, which nobody works off. */
export const DEAD_LETTER = 'dead-letter'

/** As SQL: a row of `job` is a dead job that was neither revived nor dismissed. */
export const IS_DEAD = `name = '${DEAD_LETTER}' AND state < 'active' AND source_name IS NOT NULL`
/** As SQL: whether there is any. */
export const HAS_DEAD_JOBS = `EXISTS (SELECT FROM ${SCHEMA}.job WHERE ${IS_DEAD})`
/** As SQL: its name and key. */
export const DEAD_ID = `source_name || ':' || coalesce(singleton_key, '')`
