import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** As much of a browser's stream as matters: what the server says is said by the test. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static opened: FakeSource[] = []
  readyState = 0
  constructor() {
    super()
    FakeSource.opened.push(this)
  }
  say(event: string, data: unknown = {}): void {
    this.dispatchEvent(Object.assign(new Event(event), { data: JSON.stringify(data) }))
  }
  fail(): void {
    this.readyState = FakeSource.CLOSED
    this.dispatchEvent(new Event('error'))
  }
  close(): void {
    this.readyState = FakeSource.CLOSED
  }
}

describe('hearing what changed', () => {
  let page: EventTarget & { hidden: boolean }
  let stream: typeof import('./stream.ts')
  let follow: typeof import('./follow.ts')['follow']
  let looks = 0
  const latest = () => FakeSource.opened.at(-1) as FakeSource
  const turn = (hidden: boolean) => {
    page.hidden = hidden
    page.dispatchEvent(new Event('visibilitychange'))
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.resetModules()
    FakeSource.opened = []
    page = Object.assign(new EventTarget(), { hidden: false })
    vi.stubGlobal('document', page)
    vi.stubGlobal('EventSource', FakeSource)
    stream = await import('./stream.ts')
    follow = (await import('./follow.ts')).follow
    looks = 0
    follow(
      8_000,
      new AbortController().signal,
      async () => void looks++,
      ({ id }) => id === 'counted',
    )
    await vi.advanceTimersByTimeAsync(0)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    // Files of one worker share modules: nobody else should find a stream that is told everything.
    vi.resetModules()
  })

  it('looks once at the beginning, and then only when something is told that it cannot show by itself', async () => {
    latest().say('hello')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(looks).toBe(1)
    latest().say('class', { id: 'counted' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(looks).toBe(1)
    latest().say('class', { id: 'other' })
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toBe(2)
    latest().say('payment')
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toBe(3)
  })

  it('asks every eight seconds where the stream is refused', async () => {
    latest().fail()
    await vi.advanceTimersByTimeAsync(24_000)
    expect(looks).toBe(4)
  })

  it('asks every eight seconds where a proxy keeps the first word back', async () => {
    await vi.advanceTimersByTimeAsync(10_000)
    expect(latest().readyState).toBe(FakeSource.CLOSED)
    await vi.advanceTimersByTimeAsync(14_000)
    expect(looks).toBe(4)
  })

  it('gives every stream its own time to say a word', async () => {
    await vi.advanceTimersByTimeAsync(6_000)
    turn(true)
    turn(false)
    await vi.advanceTimersByTimeAsync(5_000)
    expect([FakeSource.opened.length, latest().readyState]).toEqual([2, 0])
    latest().say('hello')
    expect(stream.isTold()).toBe(true)
  })

  it('looks within five seconds, at a moment of its own, when everybody may have missed something', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    latest().say('hello')
    await vi.advanceTimersByTimeAsync(60_000)
    const before = looks
    latest().say('missed')
    await vi.advanceTimersByTimeAsync(2_400)
    expect(looks).toBe(before)
    await vi.advanceTimersByTimeAsync(200)
    expect(looks).toBe(before + 1)
  })

  it('closes while nobody looks, and looks once when it is open again', async () => {
    latest().say('hello')
    turn(true)
    expect(latest().readyState).toBe(FakeSource.CLOSED)
    expect(stream.isTold()).toBe(false)
    turn(false)
    expect(FakeSource.opened).toHaveLength(2)
    const before = looks
    latest().say('hello')
    await vi.advanceTimersByTimeAsync(0)
    expect(looks).toBe(before + 1)
  })

  it.each([
    ['another window signed out: the page is asked for again', (): void => {}, 1],
    ['this window signed out with a form: it is on its way, and is not called back', () => page.dispatchEvent(new Event('submit')), 0],
  ])('%s', async (_, before, reloads) => {
    const reload = vi.fn()
    vi.stubGlobal('location', { reload })
    latest().say('hello')
    before()
    latest().say('signed-out')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(reload).toHaveBeenCalledTimes(reloads)
  })
})
