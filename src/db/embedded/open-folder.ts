import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite, PGliteOptions } from '@electric-sql/pglite'
import { DISK, type Disk, DURABLE_PARAMETERS, DurableFolder } from './durable-folder.ts'
import { Engine } from './engine.ts'
import { compileProgram } from './program.ts'
import { settle, syncPath } from './settle.ts'

const NAME = 'postgres'
/** PostgreSQL has it while it runs. */
const LEFT_BY_A_KILL = 'postmaster.pid'

/** `extensions`, `loadDataDir`: as for any other; the rest is the folder's own affair. `disk`, `onDiskFailure`: for tests. */
export interface FolderOptions {
  settings: readonly string[]
  engine: Pick<PGliteOptions, 'extensions' | 'loadDataDir'>
  disk?: Disk
  onDiskFailure?: (error: unknown) => void
}

/** Opens the database in a folder, and makes it when there is none. What a COMMIT has acknowledged survives that the power fails. */
export async function openFolder(directory: string, options: FolderOptions): Promise<PGlite> {
  const { settings, disk = DISK, onDiskFailure = endProcess } = options
  const { loadDataDir, ...engine } = options.engine
  const folder = join(directory, NAME)
  const program = compileProgram()
  if (!existsSync(folder)) await create(directory, { ...options.engine, pgliteWasmModule: await program })
  const isSettled = existsSync(join(folder, LEFT_BY_A_KILL))
  if (isSettled) await settle(folder)
  const files = new DurableFolder(folder, { isSettled, disk, onFailure: onDiskFailure })
  const pglite = new Engine({
    ...engine,
    fs: files,
    pgliteWasmModule: await program,
    startParams: [...DURABLE_PARAMETERS, ...settings],
  })
  await pglite.waitReady
  files.opened()
  return pglite
}

/** Beside its place, and put there when all of it is on the disk: whatever is at that place is whole. */
async function create(directory: string, options: PGliteOptions): Promise<void> {
  const unfinished = join(directory, `${NAME}.new`)
  await rm(unfinished, { recursive: true, force: true })
  const pglite = new Engine({ ...options, dataDir: unfinished })
  await pglite.waitReady
  await pglite.close()
  await settle(unfinished)
  await rename(unfinished, join(directory, NAME))
  await syncPath(directory)
}

/** As a server would: it goes on from its log when it is started again. */
function endProcess(error: unknown): void {
  const message = error instanceof Error ? error.message : 'unknown'
  process.stderr.write(`El disco no guardó lo que se escribió (${message}). El proceso termina: revisá el disco y volvé a iniciar.\n`)
  process.exit(1)
}
