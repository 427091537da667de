import { describe, expect, it } from 'vitest'
import { type MailChoices, wantsMail } from './choices.ts'

const NONE: MailChoices = { dayBefore: false, hourBefore: false, activity: false, newsletter: false }

describe('which mails a person gets', () => {
  it.each(['class-confirmed', 'class-rescheduled', 'class-cancelled', 'seat-released', 'refund-made', 'calendar-disconnected'])(
    '%s is sent to everybody, whatever they chose',
    (kind) => {
      expect(wantsMail(NONE, kind)).toBe(true)
    },
  )

  it.each([
    ['class-reminder-day', 'dayBefore'],
    ['class-reminder-hour', 'hourBefore'],
    ['activity-ready', 'activity'],
    ['newsletter', 'newsletter'],
  ] as const)('%s follows its own choice and no other', (kind, choice) => {
    expect(wantsMail({ ...NONE, [choice]: true }, kind)).toBe(true)
    expect(wantsMail({ dayBefore: true, hourBefore: true, activity: true, newsletter: true, [choice]: false }, kind)).toBe(false)
  })
})
