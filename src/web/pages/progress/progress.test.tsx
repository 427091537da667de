import { describe, expect, it } from 'vitest'
import { DAY_MS, plus } from '../../../kernel/clock.ts'
import { ReviewedPage } from './review.tsx'

const NOW = new Date('2026-11-25T16:36:00Z')
const chrome = { asset: (name: string) => name, theme: 'light' as const, path: '/inicio/repaso', person: null, now: NOW }

describe('the daily review, once it is done', () => {
  it.each([
    ['was due before', plus(NOW, -3 * DAY_MS), 'vuelve mañana'],
    ['is due today', NOW, 'vuelve mañana'],
    ['is due tomorrow', plus(NOW, DAY_MS), 'vuelve mañana'],
    ['is due later', plus(NOW, 2 * DAY_MS), 'vuelve el 27/11/2026'],
  ])('names no day that is over as the next one: what %s', async (_what, nextDueAt, words) => {
    expect(String(await ReviewedPage({ chrome, done: 10, nextDueAt }))).toContain(words)
  })
})
