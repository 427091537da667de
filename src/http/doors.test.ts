import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { doorsWith } from '../../test/support/doors.ts'

const NARROW = { atWorkMax: 2, waitingMax: 3, waitMsMax: 1_000 }

describe('how many requests a process takes at once', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const open = () => doorsWith(() => NARROW)
  type Doors = ReturnType<typeof open>

  /** That many at once; what became of each, as far as it is known. */
  function crowd(doors: Doors, size: number) {
    const places: (Awaited<ReturnType<Doors['enter']>> | undefined)[] = Array.from({ length: size }, () => undefined)
    for (let i = 0; i < size; i++) void doors.enter('write').then((place) => (places[i] = place))
    return { places, fates: () => places.map((place) => (place === undefined ? 'waits' : place === null ? 'away' : 'in')) }
  }

  it('some are in, some wait, the rest are turned away at once', async () => {
    const { fates } = crowd(open(), 7)
    await vi.advanceTimersByTimeAsync(0)
    expect(fates()).toEqual(['in', 'in', 'waits', 'waits', 'waits', 'away', 'away'])
  })

  it('whoever leaves makes room for the one who has waited longest, also when told twice', async () => {
    const { places, fates } = crowd(open(), 5)
    await vi.advanceTimersByTimeAsync(0)
    places[0]?.()
    places[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(fates()).toEqual(['in', 'in', 'in', 'waits', 'waits'])
  })

  it('nobody waits longer than their browser would', async () => {
    const doors = open()
    const { places, fates } = crowd(doors, 3)
    await vi.advanceTimersByTimeAsync(NARROW.waitMsMax)
    expect(fates()).toEqual(['in', 'in', 'away'])
    places[0]?.()
    expect(await doors.enter('write')).not.toBeNull()
  })

  it('when waiting ends, those who wait go at once, those who are in stay, and nobody waits any more', async () => {
    const doors = open()
    const { places, fates } = crowd(doors, 4)
    await vi.advanceTimersByTimeAsync(0)
    doors.endWaiting()
    await vi.advanceTimersByTimeAsync(0)
    expect(fates()).toEqual(['in', 'in', 'away', 'away'])
    expect(await doors.enter('write')).toBeNull()
    places[0]?.()
    expect(await doors.enter('write')).not.toBeNull()
  })

  it('a crowd that books keeps nobody from looking, and notifications from nobody', async () => {
    const doors = open()
    crowd(doors, 9)
    expect(await doors.enter('read')).not.toBeNull()
    expect(await doors.enter('notification')).not.toBeNull()
  })
})
