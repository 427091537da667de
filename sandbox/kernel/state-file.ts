import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The sandbox's memory on disk: one JSON file, replaced as a whole. */
export interface StateFile {
  /** Writes soon; many changes in a row make one write. */
  changed(): void
  /** Writes now what has not been written yet. */
  flush(): Promise<void>
}

const WRITE_AFTER_MS = 250

/** Opens the file. Content that is not JSON, or that `accept` refuses by throwing, is moved aside and the sandbox starts fresh. */
export async function openStateFile(
  path: string | undefined,
  produce: () => unknown,
  accept: (state: unknown) => void,
): Promise<StateFile> {
  if (!path) return { changed: () => undefined, flush: async () => undefined }
  await mkdir(dirname(path), { recursive: true })
  await readState(path, accept)
  let timer: NodeJS.Timeout | undefined
  let dirty = false
  let writing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (!dirty) return writing
    dirty = false
    const text = JSON.stringify(produce())
    writing = writing.catch(() => undefined).then(() => replaceFile(path as string, text))
    return writing
  }

  return {
    changed() {
      dirty = true
      if (timer) return
      timer = setTimeout(() => flush().catch((error) => process.emitWarning(error)), WRITE_AFTER_MS)
      timer.unref()
    },
    flush,
  }
}

async function readState(path: string, accept: (state: unknown) => void): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return
  try {
    accept(JSON.parse(text))
  } catch {
    await rename(path, `${path}.corrupt-${Date.now()}`)
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.writing`
  await writeFile(temporary, text, { mode: 0o600 })
  await rename(temporary, path)
}
