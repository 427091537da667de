import type { PGlite } from '@electric-sql/pglite'

/** As much of Emscripten's memory file system as is needed to put it back. */
interface FileNode {
  name: string
  parent: FileNode
  mode: number
  usedBytes: number
  /** When it was written last. */
  mtime: number
  /** Bytes of a file (null: none), entries of a folder. */
  contents: ArrayBufferView | Record<string, FileNode> | null
}

interface Stream {
  fd: number | null
  position: number
}

interface Files {
  root: FileNode
  streams: (Stream | null | undefined)[]
  isDir(mode: number): boolean
  isFile(mode: number): boolean
  hashAddNode(node: FileNode): void
  hashRemoveNode(node: FileNode): void
}

/** What is not of the database: devices, and links to them. */
const OUTSIDE = new Set(['dev', 'proc'])

interface Entry {
  parent: FileNode
  name: string
  node: FileNode
  /** Of a file. */
  bytes: Uint8Array | null
}

/**
 * A photograph of the embedded database as it stands, with its plans and everything else that it keeps in memory; what is returned puts it
 * back, byte by byte. PostgreSQL runs here in one piece of memory and on files in memory, so that nothing of it is anywhere else; nothing may
 * be under way.
 */
export function photograph(pglite: PGlite): () => void {
  const module = pglite.Module as unknown as { HEAPU8: Uint8Array; FS: Files }
  const files = module.FS
  const memory = pagesOf(module.HEAPU8)
  const entries = entriesOf(files)
  const streams = files.streams.map((stream) => (stream ? { stream, position: stream.position } : null))

  return () => {
    restoreMemory(module.HEAPU8, memory)
    restoreTree(files, entries)
    for (const { node, bytes } of entries) if (bytes && !isUntouched(node, bytes)) restoreBytes(node, bytes)
    files.streams.length = 0
    for (const [fd, open] of streams.entries()) {
      if (!open) continue
      open.stream.fd = fd
      open.stream.position = open.position
      files.streams[fd] = open.stream
    }
  }
}

/** Most of the memory was never used: a page without anything in it is kept as null. */
function pagesOf(memory: Uint8Array): (Uint8Array | null)[] {
  return Array.from({ length: Math.ceil(memory.length / PAGE_BYTES) }, (_, index) => {
    const page = memory.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES)
    return isEmpty(page) ? null : page.slice()
  })
}

/** The memory may have grown meanwhile; nobody knows of the rest any more. */
function restoreMemory(memory: Uint8Array, pages: readonly (Uint8Array | null)[]): void {
  for (let at = 0; at < memory.length; at += PAGE_BYTES) {
    const kept = pages[at / PAGE_BYTES]
    if (kept) memory.set(kept, at)
    else {
      const page = memory.subarray(at, at + PAGE_BYTES)
      // Looked at first: looking at a page that was never used costs nearly nothing.
      if (!isEmpty(page)) page.fill(0)
    }
  }
}

const PAGE_BYTES = 64 * 1024
const EMPTY_PAGE = new Uint8Array(PAGE_BYTES)

const isEmpty = (page: Uint8Array) =>
  Buffer.compare(page, page.length === PAGE_BYTES ? EMPTY_PAGE : EMPTY_PAGE.subarray(0, page.length)) === 0

function entriesOf(files: Files): Entry[] {
  const found: Entry[] = []
  const walk = (parent: FileNode) => {
    for (const [name, node] of Object.entries(parent.contents as Record<string, FileNode>)) {
      if (parent === files.root && OUTSIDE.has(name)) continue
      found.push({ parent, name, node, bytes: files.isFile(node.mode) ? bytesOf(node) : null })
      node.mtime = KEPT
      if (files.isDir(node.mode)) walk(node)
    }
  }
  walk(files.root)
  return found
}

/** A file that was emptied has no bytes at all. */
function bytesOf({ contents, usedBytes }: FileNode): Uint8Array {
  return ArrayBuffer.isView(contents) ? asBytes(contents).slice(0, usedBytes) : new Uint8Array(0)
}

/** Takes away what is new or has another name by now, and puts back what is missing. */
function restoreTree(files: Files, entries: readonly Entry[]): void {
  const known = new Map<FileNode, Entry>(entries.map((entry) => [entry.node, entry]))
  const walk = (parent: FileNode) => {
    const children = parent.contents as Record<string, FileNode>
    for (const [name, node] of Object.entries(children)) {
      if (parent === files.root && OUTSIDE.has(name)) continue
      const entry = known.get(node)
      if (entry?.parent === parent && entry.name === name) {
        known.delete(node)
        if (files.isDir(node.mode)) walk(node)
        continue
      }
      files.hashRemoveNode(node)
      delete children[name]
    }
  }
  walk(files.root)
  for (const { parent, name, node } of known.values()) {
    Object.assign(node, { parent, name })
    ;(parent.contents as Record<string, FileNode>)[name] = node
    files.hashAddNode(node)
  }
}

/** No clock says this: what bears it was not written since, and need not be compared. */
const KEPT = -1

const isUntouched = (node: FileNode, bytes: Uint8Array) => node.mtime === KEPT && node.usedBytes === bytes.length

function restoreBytes(node: FileNode, bytes: Uint8Array): void {
  const current = ArrayBuffer.isView(node.contents) ? asBytes(node.contents) : null
  if (!current || current.length < bytes.length) node.contents = bytes.slice()
  else if (Buffer.compare(current.subarray(0, bytes.length), bytes) !== 0) current.set(bytes)
  node.usedBytes = bytes.length
  node.mtime = KEPT
}

function asBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
