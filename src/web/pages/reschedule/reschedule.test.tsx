import { describe, expect, it } from 'vitest'
import { plus } from '../../../kernel/clock.ts'
import { instantAt } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { ReschedulePage } from './reschedule.tsx'
import type { RescheduleView } from './view.ts'

const NOW = instantAt('2026-11-23', '13:36')
const START = instantAt('2026-11-26', '18:00')
const VIEW: RescheduleView = {
  path: '/mover',
  backHref: '/',
  current: { startsAt: START, endsAt: plus(START, 3_600_000), type: 'grupal', hostName: 'Ana Ruiz' },
  actor: 'host',
  movesLeft: 2,
  refund: 'kept',
  untilHours: 12,
  refundUntilHours: 24,
  week: {
    days: [],
    today: '2026-11-23',
    lastDay: '2027-01-22',
    chosenDay: '2026-11-26',
    previousWeek: null,
    nextWeek: null,
    nextFree: null,
    slotMinutes: 60,
    calendarUnreadable: false,
    alternatives: null,
  },
  selected: null,
  error: null,
}

async function render(type: 'grupal' | 'individual'): Promise<string> {
  const chrome: Chrome = { asset: (name) => name, theme: 'light', path: '/mover', person: null, now: NOW }
  return String(await (<ReschedulePage chrome={chrome} {...VIEW} current={{ ...VIEW.current, type }} />))
}

describe('what moving a class means', () => {
  it('for a group: a new code, and who joined stays', async () => {
    const html = await render('grupal')
    expect(html).toContain('El precio, el enlace de la clase y quienes ya se unieron no cambian.')
    expect(html).toContain('El código cambia: el anterior deja de funcionar.')
  })

  it('for an individual class: no word of guests, nor of a code that nobody needs', async () => {
    const html = await render('individual')
    expect(html).toContain('El precio y el enlace de la clase no cambian.')
    expect(html).not.toContain('se unieron')
    expect(html).not.toContain('código')
  })
})
