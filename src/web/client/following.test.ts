import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startClock } from './clock.ts'
import { mountLapses } from './countdown.ts'
import { every } from './every.ts'
import { mountMyClasses } from './my-classes.ts'
import { mountPayment } from './payment.ts'

const HREF = 'http://localhost:3000/checkout/callback/pending'
const START = new Date('2026-11-23T12:00:00Z')

/** As much of a browser as following needs: a visible page, its `<main>`, and a server that can be out of reach. */
function openPage(answer: (path: string) => unknown) {
  const main = {
    dataset: { now: new Date().toISOString() },
    contains: () => false,
    querySelector: () => (page.inUse ? {} : null),
    querySelectorAll: () => [],
    replaceWith() {
      page.replaced += 1
    },
  }
  const page = Object.assign(new EventTarget(), {
    hidden: false,
    title: '',
    replaced: 0,
    inUse: false,
    /** What the person does while the page is on its way. */
    meanwhile: () => {},
    fetched: [] as number[],
    reachable: true,
    activeElement: null,
    querySelector: (selector: string) => (selector === 'main' ? main : null),
  })
  vi.stubGlobal('document', page)
  vi.stubGlobal('location', { href: HREF })
  vi.stubGlobal(
    'DOMParser',
    class {
      parseFromString = () => ({ title: '', querySelector: () => ({}) })
    },
  )
  vi.stubGlobal('fetch', async (address: string) => {
    if (address !== HREF) return Response.json(answer(address))
    page.fetched.push(Date.now() - START.getTime())
    if (!page.reachable) throw new TypeError('Failed to fetch')
    page.meanwhile()
    return new Response('<main></main>')
  })
  startClock()
  return page
}

const seconds = (milliseconds: number) => Math.round(milliseconds / 1_000)

describe('a page that follows the server', () => {
  let page: ReturnType<typeof openPage>
  beforeEach(() => vi.useFakeTimers({ now: START }))
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const paymentOf = (id: string) => ({ dataset: { payment: id, revision: 'pending' }, querySelector: () => null })
  const root = (part: unknown) => ({ querySelector: () => part, querySelectorAll: () => [part] }) as unknown as ParentNode

  it('the payment: tries again after a refresh that failed, in growing pauses, and stops when it worked', async () => {
    page = openPage(() => ({ response: { revision: 'approved' } }))
    page.reachable = false
    mountPayment(root(paymentOf('first')), new AbortController().signal)
    await vi.advanceTimersByTimeAsync(130_000)
    expect(page.fetched.map(seconds)).toEqual([0, 4, 12, 28, 60, 120])
    page.reachable = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(page.replaced).toBe(1)
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(page.replaced).toBe(1)
  })

  it('the payment: gives up in the end', async () => {
    page = openPage(() => ({ response: { revision: 'approved' } }))
    page.reachable = false
    mountPayment(root(paymentOf('second')), new AbortController().signal)
    await vi.advanceTimersByTimeAsync(6 * 3_600_000)
    expect(page.fetched).toHaveLength(20)
  })

  it('the payment: the outcome that the page tells already is no reason to fetch it', async () => {
    page = openPage(() => ({ response: { revision: 'pending' } }))
    mountPayment(root(paymentOf('third')), new AbortController().signal)
    await vi.advanceTimersByTimeAsync(120_000)
    expect(page.fetched).toEqual([])
  })

  it('own classes: the same', async () => {
    let status = 'scheduled'
    page = openPage(() => ({
      response: [{ id: 'c', status, startTime: '', activityId: null, currentParticipants: 1, maxParticipants: 2 }],
      preparing: 0,
    }))
    vi.stubGlobal('CSS', { escape: (text: string) => text })
    const list = { querySelector: () => ({}), querySelectorAll: () => [] } as unknown as ParentNode
    mountMyClasses(list, new AbortController().signal)
    await vi.advanceTimersByTimeAsync(10_000)
    page.reachable = false
    status = 'cancelled'
    await vi.advanceTimersByTimeAsync(200_000)
    expect(page.fetched.length).toBeGreaterThan(3)
    page.reachable = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(page.replaced).toBe(1)
  })

  it('own classes: what came while the page was in use is there as soon as it is free', async () => {
    let people = 1
    page = openPage(() => ({
      response: [{ id: 'c', status: people > 1 ? 'cancelled' : 'scheduled', startTime: '', activityId: null, maxParticipants: 2 }],
      preparing: 0,
    }))
    vi.stubGlobal('CSS', { escape: (text: string) => text })
    const list = { querySelector: () => ({}), querySelectorAll: () => [] } as unknown as ParentNode
    mountMyClasses(list, new AbortController().signal)
    await vi.advanceTimersByTimeAsync(1_000)
    page.inUse = true
    people = 2
    await vi.advanceTimersByTimeAsync(60_000)
    expect(page.replaced).toBe(0)
    page.inUse = false
    await vi.advanceTimersByTimeAsync(600)
    expect(page.replaced).toBe(1)
  })

  it('own classes: what is opened while the page is on its way stays open, and the page comes once it is free', async () => {
    let status = 'scheduled'
    page = openPage(() => ({ response: [{ id: 'c', status, startTime: '', activityId: null, maxParticipants: 2 }], preparing: 0 }))
    vi.stubGlobal('CSS', { escape: (text: string) => text })
    const list = { querySelector: () => ({}), querySelectorAll: () => [] } as unknown as ParentNode
    mountMyClasses(list, new AbortController().signal)
    await vi.advanceTimersByTimeAsync(1_000)
    page.meanwhile = () => (page.inUse = true)
    status = 'cancelled'
    await vi.advanceTimersByTimeAsync(60_000)
    expect([page.fetched.length, page.replaced]).toEqual([1, 0])
    page.meanwhile = () => {}
    page.inUse = false
    await vi.advanceTimersByTimeAsync(600)
    expect(page.replaced).toBe(1)
  })

  it('a hold that runs out: the page is fetched anew, as often as it takes', async () => {
    page = openPage(() => ({}))
    page.reachable = false
    const until = new Date(START.getTime() + 5_000).toISOString()
    mountLapses(root({ dataset: { countdown: 'digits', until, refresh: '' } }), new AbortController().signal)
    await vi.advanceTimersByTimeAsync(4_900)
    expect(page.fetched).toEqual([])
    await vi.advanceTimersByTimeAsync(20_000)
    expect(page.fetched.map(seconds)).toEqual([5, 7, 11, 19])
    page.reachable = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(page.replaced).toBe(1)
  })

  it('a hold that had run out before is no reason to fetch', async () => {
    page = openPage(() => ({}))
    mountLapses(root({ dataset: { countdown: 'digits', until: START.toISOString(), refresh: '' } }), new AbortController().signal)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(page.fetched).toEqual([])
  })

  it('pauses while nobody looks, and goes on at once', async () => {
    page = openPage(() => ({}))
    let runs = 0
    every(1_000, new AbortController().signal, () => {
      runs += 1
    })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(runs).toBe(4)
    page.hidden = true
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(runs).toBe(4)
    page.hidden = false
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(0)
    expect(runs).toBe(5)
  })
})
