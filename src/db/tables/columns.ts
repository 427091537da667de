/** Columns that many tables have. */
import { bigint, timestamp } from 'drizzle-orm/pg-core'

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
export const centavos = (name: string) => bigint(name, { mode: 'number' })
export const created = { createdAt: instant('created_at').notNull() }
export const touched = { ...created, updatedAt: instant('updated_at').notNull() }
