import { fdatasyncSync, fsyncSync } from 'node:fs'
import { resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** Puts on the disk what was written. Throws when that failed. */
export interface Disk {
  sync(descriptor: number, isFolder: boolean): void
}

export const DISK: Disk = { sync: (descriptor, isFolder) => (isFolder ? fsyncSync(descriptor) : fdatasyncSync(descriptor)) }

/**
 * PGlite begins PostgreSQL without fsync: that is left out here. And of the two kinds of it the one is named that arrives at the file system; the
 * other one, which PostgreSQL would choose, does nothing and says that it has (0.5.16).
 */
export const DURABLE_PARAMETERS: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
]

export interface DurableFolderOptions {
  /**
   * Everything in the folder is on the disk already. After a kill PostgreSQL wants each of more than a thousand files there before it begins, most of
   * which nobody has touched: then only those are put there that were touched since.
   */
  isSettled: boolean
  disk: Disk
  /**
   * The disk refused. What was written before may be lost without another word: nothing may be believed any more, and the process must end. The
   * next start begins with the log.
   */
  onFailure(error: unknown): void
}

/** As much of an open file, and of the file system, as is looked at. */
interface FileNode {
  mode: number
}
interface OpenFile {
  node: FileNode
  /** Node's own number of it. */
  nfd: number
}
type Rest = readonly unknown[]
interface FileOperations {
  stream_ops: {
    write(file: OpenFile, ...rest: Rest): number
    setattr(file: OpenFile, ...rest: Rest): void
    fsync?(file: OpenFile): number
  }
  node_ops: {
    mknod(...parameters: Rest): FileNode
    setattr(node: FileNode, ...rest: Rest): void
  }
}

/** Number of the error in the program's own system calls. */
const INPUT_OUTPUT_ERROR = 29
const KIND_BITS = 0o170000
const FOLDER_BITS = 0o040000

/**
 * The folder of the embedded database, in which what PostgreSQL wants to be on the disk is there when it goes on: with each COMMIT its log. The whole
 * process waits for that.
 */
export class DurableFolder extends NodeFS {
  private readonly options: DurableFolderOptions
  private isOpen = false

  constructor(folder: string, options: DurableFolderOptions) {
    super(resolve(folder))
    this.options = options
  }

  /** From here on everything that PostgreSQL wants on the disk is put there, touched or not. */
  opened(): void {
    this.isOpen = true
  }

  override async init(...[pglite, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pglite, options)
    const { preRun = [] } = emscriptenOpts
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, ({ NODEFS }) => this.install(NODEFS as unknown as FileOperations)] } }
  }

  private install({ stream_ops: ofFiles, node_ops: ofNodes }: FileOperations): void {
    const { isSettled, disk, onFailure } = this.options
    const touched = new WeakSet<FileNode>()
    const original = { write: ofFiles.write, setattr: ofFiles.setattr, mknod: ofNodes.mknod, setattrOfNode: ofNodes.setattr }
    ofFiles.write = (file, ...rest) => {
      touched.add(file.node)
      return original.write(file, ...rest)
    }
    ofFiles.setattr = (file, ...rest) => {
      touched.add(file.node)
      original.setattr(file, ...rest)
    }
    ofNodes.setattr = (node, ...rest) => {
      touched.add(node)
      original.setattrOfNode(node, ...rest)
    }
    ofNodes.mknod = (...parameters) => {
      const node = original.mknod(...parameters)
      touched.add(node)
      return node
    }
    ofFiles.fsync = ({ node, nfd }) => {
      const isFolder = (node.mode & KIND_BITS) === FOLDER_BITS
      if (isSettled && !this.isOpen && !isFolder && !touched.has(node)) return 0
      try {
        disk.sync(nfd, isFolder)
        return 0
      } catch (error) {
        onFailure(error)
        return INPUT_OUTPUT_ERROR
      }
    }
  }
}
