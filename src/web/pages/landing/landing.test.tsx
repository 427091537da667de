import { expect, it } from 'vitest'
import type { Chrome } from '../../ui/chrome.ts'
import { LandingPage, type TeacherView } from './landing.tsx'

const TEACHER: TeacherView = {
  name: 'Bianca Molina',
  academy: 'Inglés del Sur',
  presentation: { es: 'Doy clases.', en: 'I teach.' },
  photo: null,
  contact: { email: 'hola@example.com', whatsapp: null },
}
const POLICY = {
  slotMinutes: 60,
  holdMinutes: 20,
  joinLeadMinutes: 60,
  joinCutoff: 'end',
  refundHours: 24,
  rescheduleHours: 12,
  maxReschedules: 2,
} as const

async function render(teacher: TeacherView): Promise<string> {
  const chrome: Chrome = { asset: (name) => name, theme: 'light', path: '/', person: null, now: new Date('2026-11-23T16:36:00Z') }
  return String(await (<LandingPage chrome={chrome} freeSlots={[]} prices={[]} policy={POLICY} teacher={teacher} />))
}

it('names who teaches, with initials in place of a photo', async () => {
  const html = await render(TEACHER)
  expect(html).toContain('<strong>Bianca Molina</strong>')
  expect(html).toContain('>BM</span>')
})

it('names the academy while nobody has told the name of its teacher, and makes no initials of it', async () => {
  const html = await render({ ...TEACHER, name: null })
  expect(html).toContain('<strong>Inglés del Sur</strong>')
  expect(html).not.toContain('teacher-initials')
})
