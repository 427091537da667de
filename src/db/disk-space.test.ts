import { tmpdir } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { watchDiskSpace } from './disk-space.ts'

const MB = 1024 * 1024

describe('watching the disk', () => {
  afterEach(() => vi.useRealTimers())

  it('tells when too little is left, and when there is room again', async () => {
    vi.useFakeTimers()
    let free = 64 * MB
    const disk = await watchDiskSpace('/data', async () => free)
    expect(disk.isLow()).toBe(false)
    free = 64 * MB - 1
    await vi.advanceTimersByTimeAsync(2_000)
    expect(disk.isLow()).toBe(true)
    free = 65 * MB
    await vi.advanceTimersByTimeAsync(2_000)
    expect(disk.isLow()).toBe(false)
    disk.close()
  })

  it('refuses to begin on a full disk', async () => {
    await expect(watchDiskSpace('/data', async () => 10)).rejects.toThrow('Quedan menos de 64 MB libres en el disco de /data.')
  })

  it('reads the real disk', async () => {
    const disk = await watchDiskSpace(tmpdir())
    expect(disk.isLow()).toBe(false)
    disk.close()
  })
})
