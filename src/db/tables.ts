/** The tables of `migrations/`, for typed statements. Constraints and indexes live only in the SQL files. */
export * from './tables/academy.ts'
export * from './tables/activity.ts'
export * from './tables/calendar.ts'
export * from './tables/identity.ts'
export * from './tables/operation.ts'
export * from './tables/payment.ts'
export * from './tables/support.ts'
export * from './tables/virtual-class.ts'
