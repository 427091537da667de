import { describe, expect, it } from 'vitest'
import { estimateLevel } from '../../../features/activity/memory/progress.ts'
import { DAY_MS, plus } from '../../../kernel/clock.ts'
import { ProgressPage } from './progress.tsx'
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

describe('the page of progress', () => {
  const low = Array.from({ length: 40 }, () => ({ topic: 't', level: 'A1', difficulty: 'easy', credit: 0.6 }) as const)
  const page = async (more: { streak?: number; bestStreak?: number; level?: ReturnType<typeof estimateLevel> }) => {
    const view = { streak: 0, bestStreak: 0, due: 0, rest: 'none', level: estimateLevel('A1', []), topics: [], ideas: [], ...more } as const
    return String(await ProgressPage({ chrome, ...view }))
  }

  it('tells a streak that ended from one that never began', async () => {
    expect(await page({ bestStreak: 4 })).toContain('Se cortó: tu mejor racha fue de 4 días seguidos.')
    expect(await page({})).toContain('Todavía no empezó')
    expect(await page({ streak: 2, bestStreak: 4 })).toContain('2 días seguidos')
  })

  it('says the same of the level in the sentence, the table and the drawing, at the edge of the scale, too', async () => {
    const level = estimateLevel('A1', low)
    expect([level.from, level.level, level.to]).toEqual(['A1', 'A1', 'A1'])
    expect([level.band.from, level.band.to < 0.5]).toEqual([0, true])
    const html = await page({ level })
    expect(html).toContain('Cerca de A1, con 80 % de confianza.')
    expect(html).toMatch(/Con 80 % de confianza<\/th><td>Cerca de A1</)
    expect(html).toContain(`class="scale-band" x1="24" x2="${24 + level.band.to * 88}"`)
    expect(await page({})).toMatch(/Con 80 % de confianza<\/th><td>Entre A1 y A2</)
  })
})
