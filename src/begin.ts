import { compileProgram } from './db/embedded/program.ts'

// First of all, because threads in the background compile the embedded database's program while this one reads everything else.
if (!process.env.DATABASE_URL) void compileProgram().catch(() => {})

await import('./main.ts')
