import { copyFileSync, fstatSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DISK, type Disk } from './durable-folder.ts'
import { openFolder } from './open-folder.ts'
import { syncEach } from './settle.ts'

const SETTINGS = ['-c', 'shared_buffers=8MB']

describe('the folder of the embedded database', () => {
  let root: string
  let made: string
  const opened: PGlite[] = []
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'durable-'))
    made = join(root, 'made')
    // Whoever was killed in the middle of making one left this.
    await mkdir(join(made, 'postgres.new'), { recursive: true })
    await writeFile(join(made, 'postgres.new', 'PG_VERSION'), 'half')
    await (await openFolder(made, { engine: {}, settings: SETTINGS })).close()
  }, 60_000)
  afterEach(async () => {
    for (const pglite of opened.splice(0)) await pglite.close().catch(() => {})
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  /** A folder of its own, as it was made. */
  async function copyOf(folder: string, name: string): Promise<string> {
    await cp(folder, join(root, name), { recursive: true })
    return join(root, name)
  }

  async function open(folder: string, disk: Disk, onDiskFailure: (error: unknown) => void = () => {}): Promise<PGlite> {
    const pglite = await openFolder(folder, { engine: {}, settings: SETTINGS, disk, onDiskFailure })
    opened.push(pglite)
    return pglite
  }

  async function countOf(pglite: PGlite): Promise<unknown> {
    return (await pglite.query('SELECT count(*)::int AS rows FROM kept')).rows
  }

  it('is made beside its place and put there whole, whatever an earlier attempt left', async () => {
    expect((await readdir(made)).sort()).toEqual(['postgres'])
  })

  it('a COMMIT waits for the disk, once; a read does not', async () => {
    const counted = countingDisk()
    const pglite = await open(await copyOf(made, 'counted'), counted)
    await pglite.exec('CREATE TABLE kept (id int)')
    counted.syncs = 0
    await pglite.transaction(async (tx) => {
      for (const id of [1, 2, 3]) await tx.query('INSERT INTO kept VALUES ($1)', [id])
      expect(counted.syncs).toBe(0)
    })
    expect(counted.syncs).toBe(1)
    await countOf(pglite)
    expect(counted.syncs).toBe(1)
  })

  it('what was acknowledged survives a power cut after which nothing is there that the disk was not asked to keep', async () => {
    const folder = await copyOf(made, 'used')
    const after = await copyOf(made, 'after-power-cut')
    const neverAsked = await copyOf(made, 'never-asked')
    const pglite = await open(folder, keptIn(folder, after))
    await pglite.exec('CREATE TABLE kept (id int, filling text)')
    for (let id = 0; id < 20; id++) await pglite.query(`INSERT INTO kept VALUES ($1, repeat('x', 2000))`, [id])
    await pglite.exec('CHECKPOINT')
    for (let id = 20; id < 30; id++) await pglite.query(`INSERT INTO kept VALUES ($1, 'y')`, [id])
    // Not acknowledged.
    await pglite.exec('BEGIN; INSERT INTO kept VALUES (99)')

    expect(await countOf(await open(after, DISK))).toEqual([{ rows: 30 }])
    // The power cut of this test does lose something.
    await expect(countOf(await open(neverAsked, DISK))).rejects.toThrow(/kept/)
  }, 30_000)

  it('a disk that refuses acknowledges nothing and ends the process', async () => {
    let works = true
    const failures: unknown[] = []
    const refusing: Disk = {
      sync() {
        if (!works) throw new Error('I/O')
      },
    }
    const pglite = await open(await copyOf(made, 'refused'), refusing, (error) => failures.push(error))
    await pglite.exec('CREATE TABLE kept (id int)')
    works = false
    await expect(pglite.query('INSERT INTO kept VALUES (1)')).rejects.toThrow(/could not fsync/)
    expect(failures).toEqual([new Error('I/O')])
    opened.length = 0
  })

  it('after a kill only what was touched since is put on the disk, instead of every file', async () => {
    const folder = await copyOf(made, 'killed')
    const pglite = await open(folder, DISK)
    await pglite.exec('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)')
    const left = await copyOf(folder, 'left')
    const counted = countingDisk()
    const again = await open(left, counted)
    expect(await countOf(again)).toEqual([{ rows: 1 }])
    expect(counted.syncs).toBeGreaterThan(0)
    expect(counted.syncs).toBeLessThan((await readdir(join(left, 'postgres'), { recursive: true })).length / 4)
  }, 30_000)

  it('where nobody can sync a whole file system, each file is', async () => {
    await syncEach(made)
    await expect(syncEach(join(root, 'nowhere'))).rejects.toThrow(/nowhere/)
  })

  function countingDisk(): Disk & { syncs: number } {
    const disk = {
      syncs: 0,
      sync() {
        disk.syncs += 1
      },
    }
    return disk
  }

  /** A disk on which only that arrives which it is asked to keep, as it is then. */
  function keptIn(folder: string, kept: string): Disk {
    const names = new Map<number, string>()
    const nameOf = (inode: number) => {
      const known = names.get(inode)
      if (known !== undefined && statSync(join(folder, known), { throwIfNoEntry: false })?.ino === inode) return known
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) names.set(statSync(join(folder, name)).ino, name)
      return names.get(inode) ?? ''
    }
    return {
      sync(descriptor, isFolder) {
        if (isFolder) return
        const name = nameOf(fstatSync(descriptor).ino)
        mkdirSync(dirname(join(kept, name)), { recursive: true })
        copyFileSync(join(folder, name), join(kept, name))
      },
    }
  }
})
