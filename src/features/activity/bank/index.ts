import dailyRoutines from './a2-daily-routines.json' with { type: 'json' }
import type { BankSet } from './set.ts'

/** The whole bank. A test parses every set with `BankSet` and keeps it to the rules that a schema cannot say. */
export const BANK = [dailyRoutines] as unknown as readonly BankSet[]
