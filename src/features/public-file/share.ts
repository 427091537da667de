import type { Deps } from '../../deps.ts'
import { askTogether } from '../../kernel/together.ts'
import { findFile, leaveFiles, listPaths, type PublicFile } from './store.ts'

/** Finds a file of another build by its path; null: no build has it. */
export type FindElsewhere = (path: string) => Promise<PublicFile | null>

/** Those that were asked for lately. One update brings a handful. */
const KEPT_MAX = 100

/**
 * Leaves this build's files where processes of other builds find them, and finds theirs: while one process after the other is updated, and for pages
 * that were opened before. Before the first page is sent, so that nobody can ask for a file that is not there yet. Whatever strangers ask for, one
 * question about what there is is under way at a time.
 */
export async function shareFiles(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  files: ReadonlyMap<string, PublicFile>,
): Promise<FindElsewhere> {
  await db.transaction((tx) => leaveFiles(tx, files, clock.now()))
  const kept = new Map<string, PublicFile>()
  return async (path) => {
    const before = kept.get(path)
    if (before) return before
    const paths = await askTogether(kept, '', () => listPaths(db.handle))
    if (!paths.has(path)) return null
    const found = await askTogether(kept, path, () => findFile(db.handle, path))
    if (!found) return null
    if (kept.size >= KEPT_MAX) kept.clear()
    kept.set(path, found)
    return found
  }
}
