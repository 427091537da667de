import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHeartbeat } from './heartbeat.ts'

describe('the heartbeat of a worker', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heartbeat-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('writes its file at once and then every five seconds, not with every look', async () => {
    const path = join(folder, 'alive')
    let time = 0
    const beat = createHeartbeat(path, () => time)
    await beat()
    expect(await readFile(path, 'utf8')).toBe(`${process.pid}\n`)
    await rm(path)
    time = 4_999
    await beat()
    await expect(readFile(path)).rejects.toThrow(/ENOENT/)
    time = 5_000
    await beat()
    expect(await readFile(path, 'utf8')).toBe(`${process.pid}\n`)
  })
})
